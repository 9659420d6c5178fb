// Express with express-session: app.cjs memory|redis --port PORT; REDIS_SOCKET names Redis's.

const { parseArgs } = require("node:util");

const { RedisStore } = require("connect-redis");
const express = require("express");
const session = require("express-session");
const { createClient } = require("redis");

const passwords = new Map([
  ["alice", "wonderland"],
  ["bob", "builder"],
]);

async function main() {
  const { values, positionals } = parseArgs({ options: { port: { type: "string" } }, allowPositionals: true });
  const store = positionals[0] === "redis" ? await redisStore() : new session.MemoryStore();
  application(store).listen(Number(values.port), "127.0.0.1");
}

async function redisStore() {
  const client = createClient({ socket: { path: process.env.REDIS_SOCKET } });
  client.on("error", (error) => console.error(error.message));
  await client.connect();
  return new RedisStore({ client });
}

function application(store) {
  const app = express();
  app.get("/", (request, response) => response.send("public"));
  app.use(
    session({
      store,
      secret: "only for a probe on loopback, and the same after a restart",
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: Number(process.env.SESSION_TTL ?? 1800) * 1000 },
    }),
    express.urlencoded(),
  );
  app.get("/whoami", (request, response) => response.json({ user: request.session.user ?? null }));
  app.post("/login", login);
  app.post("/logout", logout);
  app.get("/get", (request, response) => response.json({ value: request.session.state?.[request.query.key] ?? null }));
  app.post("/set", (request, response) => response.json({ value: write(request) }));
  app.post("/error", (request, response) => {
    write(request);
    response.sendStatus(500);
  });
  return app;
}

function login(request, response, next) {
  const { user, password } = request.body;
  if (!passwords.has(user) || passwords.get(user) !== password) {
    response.sendStatus(403);
    return;
  }
  request.session.regenerate((error) => {
    if (error) {
      next(error);
      return;
    }
    request.session.user = user;
    response.json({ user });
  });
}

function logout(request, response, next) {
  request.session.destroy((error) => {
    if (error) next(error);
    else response.json({ user: null });
  });
}

function write(request) {
  const { key, value } = request.body;
  request.session.state = { ...request.session.state, [key]: value };
  return value;
}

main();

// Fastify with @fastify/cookie: `request.cookies` and `reply.setCookie`.

import { load } from "./package.mjs";
import { describe, octets, serve } from "./protocol.mjs";
import { writes } from "./server.mjs";

const { exports: Fastify } = await load("fastify");
const { exports: cookie, version } = await load("@fastify/cookie");

const description = describe("fastify", version, "https://www.npmjs.com/package/@fastify/cookie", {
  can: ["parse.cookie", "format.set-cookie"],
  blind: ["duplicates", "order"],
  notes:
    "The version is that of @fastify/cookie. Values are percent-decoded and percent-encoded. " +
    "SameSite is set unless the caller says otherwise, which the shim does.",
});

// What the handlers were asked, and what they came to.
let handle;
const app = Fastify();
app.register(cookie);
app.get("/", (request, reply) => reply.send(handle(request, reply)));
await app.ready();

async function parseCookie(input) {
  const pairs = [];
  handle = (request) => {
    for (const [name, value] of Object.entries(request.cookies)) {
      pairs.push([octets(name), octets(value)]);
    }
  };
  for (const line of input.cookie) await app.inject({ url: "/", headers: { cookie: line } });
  return { pairs };
}

async function write(name, value, attributes) {
  let failure;
  handle = (_request, reply) => {
    try {
      reply.setCookie(name, value, { sameSite: undefined, ...attributes });
    } catch (error) {
      failure = error;
    }
  };
  const { headers, statusCode, body } = await app.inject({ url: "/" });
  if (failure !== undefined) throw failure;
  if (statusCode !== 200) throw new TypeError(body);
  return headers["set-cookie"];
}

serve(description, { "parse.cookie": parseCookie, "format.set-cookie": writes(write) });

// tough-cookie: the cookie store of jsdom and of most HTTP clients for Node.js.

import { load } from "./package.mjs";
import { Unsupported, integer, serve, text } from "./protocol.mjs";

const { exports: tough, version } = await load("tough-cookie");
const { Cookie, CookieJar } = tough;

const description = {
  shim: "node-tough-cookie/1",
  impl: {
    name: "tough-cookie",
    version,
    language: "javascript",
    source: "https://www.npmjs.com/package/tough-cookie",
  },
  can: [
    "parse.set-cookie",
    "parse.date",
    "match.domain",
    "match.path",
    "default.path",
    "format.set-cookie",
    "jar",
    "clock",
    "dump",
    "same-site",
    "script",
    "secure",
    "secure-localhost",
  ],
  blind: ["partitioned"],
  claims: "rfc6265",
  notes:
    "With its default options: strict parsing, public suffixes of tldts' own list rejected, " +
    "secure cookies for localhost. A plain Error of the store is reported as a rejection. A " +
    "session has no end here: serialising keeps every cookie. The default path is that of the path which the WHATWG URL parser finds.",
};

// The store reads the clock from Date, which this one winds. In milliseconds.
let clock = 0;
const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [clock] : given));
  }
  static now() {
    return clock;
  }
};

// A rejection is a plain Error; a TypeError, say, is a fault of the library.
function unlessRejected(receive) {
  try {
    return receive();
  } catch (error) {
    if (error.constructor !== Error) throw error;
    return undefined;
  }
}

function sameSite(value) {
  return value === undefined ? undefined : (Cookie.sameSiteCanonical[value] ?? value);
}

function parseSetCookie(input) {
  const cookie = Cookie.parse(text(input, "set_cookie"));
  if (cookie === undefined) return { cookie: null };
  return {
    cookie: {
      name: cookie.key,
      value: cookie.value,
      domain: cookie.domain,
      path: cookie.path,
      expires: cookie.expires instanceof Date ? integer(cookie.expires / 1000) : null,
      max_age: cookie.maxAge === null ? null : integer(Number(cookie.maxAge)),
      secure: cookie.secure,
      http_only: cookie.httpOnly,
      same_site: sameSite(cookie.sameSite),
    },
  };
}

function formatSetCookie(input) {
  if (input.partitioned) throw new Unsupported("partitioned");
  const cookie = new Cookie({
    key: text(input, "name"),
    value: text(input, "value"),
    expires: input.expires == null ? null : new Date(input.expires * 1000),
    maxAge: input.max_age,
    domain: input.domain,
    path: input.path,
    secure: input.secure,
    httpOnly: input.http_only,
    sameSite: input.same_site,
  });
  return { set_cookie: cookie.toString() };
}

function parseDate(input) {
  const date = tough.parseDate(text(input, "date"));
  return { unix: date === undefined ? null : integer(date / 1000) };
}

function uri(input) {
  const given = text(input, "uri");
  if (!URL.canParse(given)) throw new Unsupported("uri");
  return given;
}

// What the store is told about a request, or about the document a script runs in.
function circumstances({ api, same_site = true, top_level = true, method = "GET" } = {}) {
  const safe = ["GET", "HEAD", "OPTIONS", "TRACE"].includes(method);
  return {
    http: api !== "script",
    sameSiteContext: same_site ? "strict" : top_level && safe ? "lax" : "none",
  };
}

function jar({ now, config = {}, steps }) {
  clock = now * 1000;
  const store = new CookieJar(undefined, {
    rejectPublicSuffixes: config.public_suffixes !== null,
    allowSecureOnLocal: config.secure_localhost,
  });

  const receive = (line, step, context) =>
    unlessRejected(() => store.setCookieSync(line, uri(step), circumstances(context)));
  const send = (step, context) => store.getCookieStringSync(uri(step), circumstances(context));
  const script = (step) => ({ ...step.context, api: "script" });

  const perform = {
    receive: (step) => void step.set_cookie.forEach((line) => receive(line, step, step.context)),
    send: (step) => ({ header: send(step, step.context) || null }),
    advance: (step) => void (clock += step.secs * 1000),
    "script-set": (step) => void receive(text(step, "value"), step, script(step)),
    "script-get": (step) => ({ value: send(step, script(step)) }),
    dump: () => ({ cookies: cookiesOf(store).map(stored) }),
  };

  const obs = {};
  for (const step of steps) {
    if (!Object.hasOwn(perform, step.do)) throw new Unsupported(step.do);
    const observation = perform[step.do](step);
    if (observation !== undefined) obs[step.at] = observation;
  }
  return { obs };
}

// The store in memory answers before it returns.
function cookiesOf(jar) {
  let cookies;
  jar.store.getAllCookies((error, all) => {
    if (error) throw error;
    cookies = all;
  });
  return cookies;
}

function stored(cookie) {
  return {
    name: cookie.key,
    value: cookie.value,
    domain: cookie.domain,
    host_only: cookie.hostOnly,
    path: octets(cookie.path),
    expires: cookie.isPersistent() ? integer(cookie.expiryTime() / 1000) : null,
    creation: integer(cookie.creation / 1000),
    last_access: integer(cookie.lastAccessed / 1000),
    secure: cookie.secure,
    http_only: cookie.httpOnly,
    same_site: sameSite(cookie.sameSite) ?? "Default",
  };
}

// The store decodes the default path, which may take it out of the range of octets.
function octets(path) {
  return /^[\0-\xff]*$/.test(path) ? path : Buffer.from(path, "utf8").toString("latin1");
}

serve(description, {
  "parse.set-cookie": parseSetCookie,
  "parse.date": parseDate,
  "match.domain": (input) => ({
    match: tough.domainMatch(text(input, "host"), text(input, "domain")) === true,
  }),
  "match.path": (input) => ({
    match: tough.pathMatch(text(input, "path"), text(input, "cookie_path")),
  }),
  "default.path": (input) => ({ path: tough.defaultPath(new URL(uri(input)).pathname) }),
  "format.set-cookie": formatSetCookie,
  jar,
});

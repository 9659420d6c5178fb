// tough-cookie, the cookie store of jsdom and of most HTTP clients for Node.js, or a fork of it,
// which is named on the command line.

import { load } from "./package.mjs";
import { Unsupported, describe, integer, octets, serve, text } from "./protocol.mjs";
import { jar, unix, url } from "./store.mjs";

const name = process.argv[2];
const { exports: tough, version } = await load(name);
const { Cookie, CookieJar } = tough;

const description = describe(name, version, `https://www.npmjs.com/package/${name}`, {
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
    "With its default options: strict parsing, public suffixes of its own list rejected, " +
    "secure cookies for localhost. A plain Error of the store is reported as a rejection. A " +
    "session has no end here: serialising keeps every cookie. The default path is that of the " +
    "path which the WHATWG URL parser finds.",
});

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
  if (cookie == null) return { cookie: null };
  return {
    cookie: {
      name: cookie.key,
      value: cookie.value,
      domain: cookie.domain,
      path: cookie.path,
      expires: cookie.expires instanceof Date ? unix(cookie.expires) : null,
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
  return { unix: date === undefined ? null : unix(date) };
}

// What the store is told about a request, or about the document a script runs in.
function circumstances({ api, same_site = true, top_level = true, method = "GET" } = {}) {
  const safe = ["GET", "HEAD", "OPTIONS", "TRACE"].includes(method);
  return {
    http: api !== "script",
    sameSiteContext: same_site ? "strict" : top_level && safe ? "lax" : "none",
  };
}

const ABILITIES = ["script", "same-site"];

function open(config) {
  const store = new CookieJar(undefined, {
    rejectPublicSuffixes: config.public_suffixes !== null,
    allowSecureOnLocal: config.secure_localhost,
  });
  const receive = (line, step, context) => {
    url(step, ABILITIES);
    unlessRejected(() => store.setCookieSync(line, step.uri, circumstances(context)));
  };
  const send = (step, context) => {
    url(step, ABILITIES);
    return store.getCookieStringSync(step.uri, circumstances(context));
  };
  const script = (step) => ({ ...step.context, api: "script" });
  return {
    receive: (step) => step.set_cookie.forEach((line) => receive(line, step, step.context)),
    send: (step) => ({ header: send(step, step.context) || null }),
    "script-set": (step) => receive(text(step, "value"), step, script(step)),
    "script-get": (step) => ({ value: send(step, script(step)) }),
    dump: () => ({ cookies: cookiesOf(store).map(stored) }),
  };
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
    expires: cookie.isPersistent() ? unix(cookie.expiryTime()) : null,
    creation: unix(cookie.creation),
    last_access: unix(cookie.lastAccessed),
    secure: cookie.secure,
    http_only: cookie.httpOnly,
    same_site: sameSite(cookie.sameSite) ?? "Default",
  };
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
  "default.path": (input) => ({ path: tough.defaultPath(url(input).pathname) }),
  "format.set-cookie": formatSetCookie,
  jar: jar(open),
});

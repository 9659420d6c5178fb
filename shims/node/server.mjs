// What the shims of parsers and server frameworks share: Cookie and Set-Cookie fields, read and
// written. Some write or limit an Expires by the clock, which is theirs no more.

import { setTime } from "./clock.mjs";
import { Unsupported, integer, octets, text } from "./protocol.mjs";

// `parse.cookie`, by a function from one field line to pairs.
export function reads(parse) {
  return (input) => ({ pairs: input.cookie.flatMap((line) => [...parse(line)]).map(pair) });
}

// `parse.cookie`, by a function from all the field lines of a request to pairs.
export function readsAll(parse) {
  return (input) => ({ pairs: [...parse(input.cookie)].map(pair) });
}

function pair([name, value]) {
  return [octets(name), octets(value)];
}

// The Headers of a request or response with these field lines.
export function headers(name, lines) {
  const headers = new Headers();
  try {
    for (const line of lines) headers.append(name, line);
  } catch (error) {
    // Octets that no field may have.
    if (error instanceof TypeError) throw new Unsupported("octets");
    throw error;
  }
  return headers;
}

// `parse.set-cookie`, by a function from a field line to a cookie, undefined or null. The members
// of the cookie are called as most libraries call them.
export function parses(parse) {
  return (input) => {
    if (input.now != null) setTime(input.now);
    const cookie = parse(text(input, "set_cookie"));
    if (cookie === undefined || cookie === null) return { cookie: null };
    const { name, value, domain, path, expires, maxAge, secure, httpOnly, partitioned } = cookie;
    return {
      cookie: {
        // What is not set is empty to some libraries.
        name: octets(name ?? ""),
        value: octets(value ?? ""),
        domain: optional(domain),
        path: optional(path),
        expires: expires == null ? null : integer(expires / 1000),
        max_age: maxAge == null ? null : integer(maxAge),
        secure,
        http_only: httpOnly,
        same_site: optional(sameSite(cookie.sameSite)),
        partitioned,
      },
    };
  };
}

const optional = (field) => (typeof field === "string" ? octets(field) : undefined);

// The specification's spelling of what a library has folded to lower case.
const sameSite = (value) => SAME_SITE[value] ?? value;
const SAME_SITE = { strict: "Strict", lax: "Lax", none: "None" };

// `format.set-cookie`, by a function of the name, the value and the attributes asked for, called as
// most libraries call them. What it throws is a rejection if `isRejection` says so.
export function writes(write, isRejection = (error) => error instanceof TypeError) {
  return (input) => {
    const attributes = {};
    for (const [asked, called] of Object.entries(ATTRIBUTES)) {
      if (input[asked] != null) attributes[called] = input[asked];
    }
    if (attributes.expires !== undefined) attributes.expires = new Date(input.expires * 1000);
    const written = (line) => ({ set_cookie: line == null ? null : octets(line) });
    const refused = (error) => {
      if (isRejection(error)) return written(null);
      throw error;
    };
    try {
      const line = write(text(input, "name"), text(input, "value"), attributes);
      return line instanceof Promise ? line.then(written, refused) : written(line);
    } catch (error) {
      return refused(error);
    }
  };
}

const ATTRIBUTES = {
  max_age: "maxAge",
  expires: "expires",
  domain: "domain",
  path: "path",
  secure: "secure",
  http_only: "httpOnly",
  same_site: "sameSite",
  partitioned: "partitioned",
};

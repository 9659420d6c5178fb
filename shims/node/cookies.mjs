// cookies: the cookies of Koa.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { reads, writes } from "./server.mjs";

const { exports: Cookies, version } = await load("cookies");

const description = describe("cookies", version, "https://www.npmjs.com/package/cookies", {
  can: ["parse.cookie", "format.set-cookie"],
  blind: ["duplicates", "order"],
  notes:
    "Asked for every name that stands before a '=' in the request. Max-Age becomes an Expires. " +
    "Path and HttpOnly are set unless the caller says otherwise, which the shim does.",
});

function read(line) {
  const cookies = new Cookies({ headers: { cookie: line } }, {});
  const names = line.split(";").map((pair) => pair.split("=")[0].trim());
  const pairs = [...new Set(names)].map((name) => [name, cookies.get(name)]);
  return pairs.filter(([, value]) => value !== undefined);
}

function write(name, value, { maxAge, ...attributes }) {
  if (maxAge !== undefined) attributes.maxAge = maxAge * 1000;
  const fields = {};
  const response = {
    getHeader: (field) => fields[field],
    setHeader: (field, lines) => void (fields[field] = lines),
  };
  const cookies = new Cookies({ headers: {} }, response, { secure: true });
  const given = { path: undefined, httpOnly: false, secure: false, ...attributes };
  cookies.set(name, value, given);
  return fields["Set-Cookie"][0];
}

serve(description, { "parse.cookie": reads(read), "format.set-cookie": writes(write) });

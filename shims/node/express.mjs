// cookie-parser and `res.cookie` of Express.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { reads, writes } from "./server.mjs";

const { exports: cookieParser } = await load("cookie-parser");
const { exports: express, version } = await load("express");

const description = describe("express", version, "https://expressjs.com/en/api.html#res.cookie", {
  can: ["parse.cookie", "format.set-cookie"],
  blind: ["duplicates", "order"],
  notes:
    "With cookie-parser for requests. Values are percent-decoded and percent-encoded; those that " +
    "begin with j: are read as JSON. A Max-Age brings an Expires with it. Path is set unless the " +
    "caller says otherwise, which the shim does.",
});

const parse = cookieParser();

function read(line) {
  const request = { headers: { cookie: line } };
  parse(request, {}, () => {});
  return Object.entries(request.cookies).map(([name, value]) => [name, String(value)]);
}

function write(name, value, { maxAge, ...attributes }) {
  const response = Object.create(express.response);
  const fields = {};
  response.req = {};
  response.get = (field) => fields[field];
  response.append = (field, line) => void (fields[field] = line);
  if (maxAge !== undefined) attributes.maxAge = maxAge * 1000;
  response.cookie(name, value, { path: "", ...attributes });
  return fields["Set-Cookie"];
}

serve(description, { "parse.cookie": reads(read), "format.set-cookie": writes(write) });

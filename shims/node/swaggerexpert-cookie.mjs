// @swaggerexpert/cookie: a parser and writer by the grammar of RFC 6265.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { parses, reads, writes } from "./server.mjs";

const { exports: swagger, version } = await load("@swaggerexpert/cookie");

const description = describe(
  "swaggerexpert-cookie",
  version,
  "https://www.npmjs.com/package/@swaggerexpert/cookie",
  {
    can: ["parse.set-cookie", "parse.cookie", "format.set-cookie"],
    claims: "rfc6265",
    notes:
      "In its strict mode, which takes what the grammar for servers allows. Values are " +
      "percent-encoded. A TypeError of the writer is a refusal.",
  },
);

function parse(line) {
  const { result, tree } = swagger.parseSetCookie(line);
  return result.success ? { name: tree.name, value: tree.value, ...tree.attributes } : null;
}

function read(line) {
  const translator = new swagger.EntriesTranslator();
  const { result, tree } = swagger.parseCookie(line, { translator });
  return result.success ? tree : [];
}

serve(description, {
  "parse.set-cookie": parses(parse),
  "parse.cookie": reads(read),
  "format.set-cookie": writes((name, value, attributes) =>
    swagger.serializeSetCookie(name, value, attributes),
  ),
});

// cookie-es: the parser and writer of the UnJS frameworks.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { parses, reads, writes } from "./server.mjs";

const { exports: cookie, version } = await load("cookie-es");

const description = describe("cookie-es", version, "https://www.npmjs.com/package/cookie-es", {
  can: ["parse.set-cookie", "parse.cookie", "format.set-cookie"],
  blind: ["order"],
  notes: "With allowMultiple. Values are percent-decoded and percent-encoded.",
});

function read(line) {
  const cookies = Object.entries(cookie.parse(line, { allowMultiple: true }));
  return cookies.flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
}

serve(description, {
  "parse.set-cookie": parses((line) => cookie.parseSetCookie(line)),
  "parse.cookie": reads(read),
  "format.set-cookie": writes((name, value, attributes) =>
    cookie.serialize(name, value, attributes),
  ),
});

// cookie: the parser and writer behind most Node.js frameworks.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { parses, reads, writes } from "./server.mjs";

const { exports: cookie, version } = await load("cookie");

const description = describe("cookie", version, "https://www.npmjs.com/package/cookie", {
  can: ["parse.set-cookie", "parse.cookie", "format.set-cookie"],
  blind: ["duplicates", "order"],
  notes: "Values are percent-decoded and percent-encoded. A TypeError of the writer is a refusal.",
});

serve(description, {
  "parse.set-cookie": parses((line) => cookie.parseSetCookie(line)),
  "parse.cookie": reads((line) => Object.entries(cookie.parseCookie(line))),
  "format.set-cookie": writes((name, value, attributes) =>
    cookie.stringifySetCookie({ name, value, ...attributes }),
  ),
});

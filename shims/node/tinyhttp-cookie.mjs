// @tinyhttp/cookie: the parser and writer of tinyhttp.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { reads, writes } from "./server.mjs";

const { exports: cookie, version } = await load("@tinyhttp/cookie");

const description = describe(
  "tinyhttp-cookie",
  version,
  "https://www.npmjs.com/package/@tinyhttp/cookie",
  {
    can: ["parse.cookie", "format.set-cookie"],
    blind: ["duplicates", "order"],
    notes: "Values are percent-decoded and percent-encoded.",
  },
);

serve(description, {
  "parse.cookie": reads((line) => Object.entries(cookie.parse(line))),
  "format.set-cookie": writes((name, value, attributes) =>
    cookie.serialize(name, value, attributes),
  ),
});

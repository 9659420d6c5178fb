// Hono: `parse` and `serialize`, which its helpers `getCookie` and `setCookie` call.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { reads, writes } from "./server.mjs";

const { exports: cookie, version } = await load("hono/utils/cookie");

const description = describe("hono", version, "https://hono.dev/docs/helpers/cookie", {
  can: ["parse.cookie", "format.set-cookie"],
  blind: ["duplicates", "order"],
  notes: "Values are percent-decoded and percent-encoded. An Error of the writer is a refusal.",
});

serve(description, {
  "parse.cookie": reads((line) => Object.entries(cookie.parse(line))),
  "format.set-cookie": writes(
    (name, value, attributes) => cookie.serialize(name, value, attributes),
    (error) => error instanceof Error,
  ),
});

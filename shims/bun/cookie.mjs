// Bun's own `Bun.CookieMap` and `Bun.Cookie`.

import { describe, serve } from "../node/protocol.mjs";
import { parses, reads, writes } from "../node/server.mjs";

const description = describe("bun", Bun.version, "https://bun.com/docs/runtime/cookies", {
  can: ["parse.set-cookie", "parse.cookie", "format.set-cookie"],
  notes:
    "Values of requests are percent-decoded, those written percent-encoded. A TypeError is a " +
    "rejection. A parsed cookie without Path or SameSite is shown with the defaults / and Lax. " +
    "SameSite cannot be left out.",
});

function parse(line) {
  try {
    return Bun.Cookie.parse(line);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function write(name, value, { sameSite, ...attributes }) {
  const options = { path: "", sameSite: sameSite?.toLowerCase(), ...attributes };
  return new Bun.Cookie(name, value, options).toString();
}

serve(description, {
  "parse.set-cookie": parses(parse),
  "parse.cookie": reads((line) => new Bun.CookieMap(line)),
  "format.set-cookie": writes(write),
});

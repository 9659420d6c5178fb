// @remix-run/headers: the classes `Cookie` and `SetCookie` of Remix.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { parses, reads, writes } from "./server.mjs";

const { exports: headers, version } = await load("@remix-run/headers");

const description = describe(
  "remix-run-headers",
  version,
  "https://www.npmjs.com/package/@remix-run/headers",
  { can: ["parse.set-cookie", "parse.cookie", "format.set-cookie"], notes: "" },
);

serve(description, {
  "parse.set-cookie": parses((line) => {
    const cookie = new headers.SetCookie(line);
    return cookie.name === undefined ? null : cookie;
  }),
  "parse.cookie": reads((line) => new headers.Cookie(line)),
  "format.set-cookie": writes((name, value, attributes) =>
    new headers.SetCookie({ name, value, ...attributes }).toString(),
  ),
});

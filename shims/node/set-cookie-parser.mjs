// set-cookie-parser: what fetch-cookie, Next.js and many HTTP clients read responses with.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { parses } from "./server.mjs";

const { exports: parser, version } = await load("set-cookie-parser");

const description = describe(
  "set-cookie-parser",
  version,
  "https://www.npmjs.com/package/set-cookie-parser",
  { can: ["parse.set-cookie"], notes: "With its default options: values are percent-decoded." },
);

serve(description, { "parse.set-cookie": parses((line) => parser.parseSetCookie(line)[0]) });

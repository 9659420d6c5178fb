// undici: the HTTP client inside Node.js, and its functions for cookies.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { headers, parses, readsAll, writes } from "./server.mjs";

const { exports: undici, version } = await load("undici");

const description = describe("undici", version, "https://undici.nodejs.org/#/docs/api/Cookies", {
  can: ["parse.set-cookie", "parse.cookie", "format.set-cookie"],
  blind: ["duplicates", "order", "partitioned"],
  claims: "rfc6265bis",
  notes: "An Error of the writer is a refusal.",
});

function write(name, value, { partitioned, ...attributes }) {
  if (partitioned) attributes.unparsed = ["Partitioned"];
  const written = new Headers();
  undici.setCookie(written, { name, value, ...attributes });
  return written.getSetCookie()[0];
}

serve(description, {
  "parse.set-cookie": parses((line) => undici.parseCookie(line)),
  "parse.cookie": readsAll((lines) => Object.entries(undici.getCookies(headers("Cookie", lines)))),
  "format.set-cookie": writes(write, (error) => error instanceof Error),
});

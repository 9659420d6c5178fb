// @netlify/node-cookies: the cookies of Deno's standard library, for Node.js.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { headers, parses, readsAll, writes } from "./server.mjs";

const { exports: netlify, version } = await load("@netlify/node-cookies");

const description = describe(
  "netlify-node-cookies",
  version,
  "https://www.npmjs.com/package/@netlify/node-cookies",
  {
    can: ["parse.set-cookie", "parse.cookie", "format.set-cookie"],
    blind: ["duplicates", "order", "partitioned"],
    notes: "An Error of the writer is a refusal. What a Headers cannot carry is unsupported.",
  },
);

function write(name, value, { partitioned, ...attributes }) {
  if (partitioned) attributes.unparsed = ["Partitioned"];
  const written = new Headers();
  netlify.setCookie(written, { name, value, ...attributes });
  return written.getSetCookie()[0];
}

serve(description, {
  "parse.set-cookie": parses((line) => netlify.getSetCookies(headers("Set-Cookie", [line]))[0]),
  "parse.cookie": readsAll((lines) => Object.entries(netlify.getCookies(headers("Cookie", lines)))),
  "format.set-cookie": writes(write, (error) => error instanceof Error),
});

// @edge-runtime/cookies: the cookies of Next.js.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { headers, parses, readsAll, writes } from "./server.mjs";

const { exports: edge, version } = await load("@edge-runtime/cookies");

const description = describe(
  "edge-runtime-cookies",
  version,
  "https://edge-runtime.vercel.app/packages/cookies",
  {
    can: ["parse.set-cookie", "parse.cookie", "format.set-cookie"],
    blind: ["duplicates"],
    notes:
      "Values are percent-decoded and percent-encoded. A Max-Age brings an Expires with it. Path " +
      "is set unless the caller says otherwise, which the shim does.",
  },
);

function read(lines) {
  const cookies = new edge.RequestCookies(headers("Cookie", lines)).getAll();
  return cookies.map(({ name, value }) => [name, value]);
}

function write(name, value, attributes) {
  const written = new Headers();
  new edge.ResponseCookies(written).set(name, value, { path: "", ...attributes });
  return written.getSetCookie()[0];
}

serve(description, {
  "parse.set-cookie": parses((line) => edge.parseSetCookie(line)),
  "parse.cookie": readsAll(read),
  "format.set-cookie": writes(write),
});

// h3, which Nitro and Nuxt are made of: `parseCookies` and `setCookie` of an event.

import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";
import { headers, readsAll, writes } from "./server.mjs";

const { exports: h3, version } = await load("h3");

const description = describe("h3", version, "https://h3.dev/utils/cookie", {
  can: ["parse.cookie", "format.set-cookie"],
  blind: ["duplicates", "order"],
  notes:
    "Values are percent-decoded and percent-encoded. Path is set unless the caller says " +
    "otherwise, which the shim does.",
});

function event(headers) {
  return h3.mockEvent("http://site.example/", { headers });
}

function write(name, value, attributes) {
  const answering = event(new Headers());
  h3.setCookie(answering, name, value, { path: "", ...attributes });
  return answering.res.headers.getSetCookie()[0];
}

serve(description, {
  "parse.cookie": readsAll((lines) =>
    Object.entries(h3.parseCookies(event(headers("Cookie", lines)))),
  ),
  "format.set-cookie": writes(write),
});

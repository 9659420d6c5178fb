// node-fetch-cookies: its `CookieJar`, called as its `fetch` calls it.

import { load } from "./package.mjs";
import { describe, octets, serve } from "./protocol.mjs";
import { jar, url } from "./store.mjs";

const { exports: cookies, version } = await load("node-fetch-cookies");

const description = describe(
  "node-fetch-cookies",
  version,
  "https://www.npmjs.com/package/node-fetch-cookies",
  {
    can: ["jar", "clock", "restart", "secure"],
    notes: "A restart is deleteExpired(true), which drops session cookies as load and save do.",
  },
);

function open() {
  const store = new cookies.CookieJar();
  return {
    receive: (step) => {
      url(step);
      for (const line of step.set_cookie) store.addCookie(line, step.uri);
    },
    send: (step) => {
      url(step);
      const sent = [...store.cookiesValidForRequest(step.uri)].map((cookie) => cookie.serialize());
      return { header: octets(sent.join("; ")) || null };
    },
    restart: () => store.deleteExpired(true),
  };
}

serve(description, { jar: jar(open) });

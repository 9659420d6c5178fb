// cookiejar: the cookie store of superagent and supertest.

import { load } from "./package.mjs";
import { describe, octets, serve } from "./protocol.mjs";
import { jar, url } from "./store.mjs";

const { exports: cookiejar, version } = await load("cookiejar");

const description = describe("cookiejar", version, "https://www.npmjs.com/package/cookiejar", {
  can: ["jar", "clock", "secure"],
  notes: "Called as superagent calls it: with the host, the path, and whether it is https.",
});

function open() {
  const store = new cookiejar.CookieJar();
  return {
    receive: (step) => {
      const { hostname, pathname } = url(step);
      store.setCookies(step.set_cookie, hostname, pathname);
    },
    send: (step) => {
      const { hostname, pathname, protocol } = url(step);
      const access = new cookiejar.CookieAccessInfo(hostname, pathname, protocol === "https:");
      return { header: octets(store.getCookies(access).toValueString()) || null };
    },
  };
}

serve(description, { jar: jar(open) });

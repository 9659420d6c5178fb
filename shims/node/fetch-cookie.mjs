// fetch-cookie: a `fetch` with a cookie store, around one that answers at once.

import { load } from "./package.mjs";
import { describe, octets, serve } from "./protocol.mjs";
import { headers } from "./server.mjs";
import { jar, url } from "./store.mjs";

const { exports, version } = await load("fetch-cookie");
const fetchCookie = exports.default ?? exports;

const SOURCE = "https://www.npmjs.com/package/fetch-cookie";

const description = describe("fetch-cookie", version, SOURCE, {
  can: ["jar", "clock", "secure"],
  notes: "With its default store, a tough-cookie. What a Response cannot carry is unsupported.",
});

function open() {
  let asked;
  let setCookie = [];
  const fetch = fetchCookie((url, init) => {
    asked = new Headers(init.headers);
    return { url, status: 200, headers: headers("Set-Cookie", setCookie) };
  });
  const get = async (step, lines) => {
    url(step);
    setCookie = lines;
    await fetch(step.uri);
    const cookie = asked.get("Cookie");
    return { header: cookie && octets(cookie) };
  };
  return {
    receive: async (step) => void (await get(step, step.set_cookie)),
    send: (step) => get(step, []),
  };
}

serve(description, { jar: jar(open) });

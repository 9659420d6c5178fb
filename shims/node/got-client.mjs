// got, on the network.

import { agent, isOfNode, proxyAgents } from "./agent.mjs";
import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";

const { exports, version } = await load("got");
const { CookieJar } = (await load("tough-cookie")).exports;
const got = exports.got ?? exports.default;
const agents = await proxyAgents();

const description = describe("got", version, "https://www.npmjs.com/package/got", {
  can: ["navigate", "agent.clear", "public-suffix"],
  notes:
    `With a CookieJar of tough-cookie ${(await load("tough-cookie")).version} and ` +
    "ignoreInvalidCookies: without that, a cookie that the jar rejects is an error of the request.",
});

function open(settings) {
  const { "http:": http, "https:": https } = agents(settings);
  const client = got.extend({
    cookieJar: new CookieJar(),
    ignoreInvalidCookies: true,
    agent: { http, https },
    retry: { limit: 0 },
    throwHttpErrors: false,
  });
  return ({ uri, method, headers, follow }) =>
    client(uri, { method, headers, followRedirect: follow > 0, maxRedirects: follow });
}

serve(description, agent(open, isOfNode));

// got, on the network.

import { TOUGH, agent, isOfNode, proxyAgents, toughStores } from "./agent.mjs";
import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";

const { exports, version } = await load("got");
const tough = await toughStores();
const got = exports.got ?? exports.default;
const agents = await proxyAgents();

const description = describe("got", version, "https://www.npmjs.com/package/got", {
  can: TOUGH,
  notes:
    `With a CookieJar of tough-cookie ${tough.version} and ` +
    "ignoreInvalidCookies: without that, a cookie that the jar rejects is an error of the request.",
});

function open(settings, cookieJar) {
  const { "http:": http, "https:": https } = agents(settings);
  const client = got.extend({
    cookieJar,
    ignoreInvalidCookies: true,
    agent: { http, https },
    retry: { limit: 0 },
    throwHttpErrors: false,
  });
  return ({ uri, method, headers, follow }) =>
    client(uri, { method, headers, followRedirect: follow > 0, maxRedirects: follow });
}

serve(description, agent(open, isOfNode, tough.stores));

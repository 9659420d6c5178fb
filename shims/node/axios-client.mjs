// axios with the agents of http-cookie-agent, on the network.

import { TOUGH, agent, isOfNode, proxyAgents, toughStores } from "./agent.mjs";
import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";

const { exports, version } = await load("axios");
const cookieAgent = await load("http-cookie-agent/http");
const tough = await toughStores();
const axios = exports.default ?? exports;
const agents = await proxyAgents(cookieAgent.exports.createCookieAgent);

const description = describe("axios", version, "https://www.npmjs.com/package/axios", {
  can: TOUGH,
  notes:
    `With http-cookie-agent ${cookieAgent.version} ` +
    `and a CookieJar of tough-cookie ${tough.version}.`,
});

function open(settings, jar) {
  const { "http:": httpAgent, "https:": httpsAgent } = agents(settings, { cookies: { jar } });
  const client = axios.create({ httpAgent, httpsAgent, proxy: false, validateStatus: null });
  return ({ uri, method, headers, follow }) =>
    client.request({ url: uri, method, headers, maxRedirects: follow });
}

serve(description, agent(open, isOfNode, tough.stores));

// undici with the interceptor of http-cookie-agent, on the network.

import { TOUGH, agent, isOfNode, toughStores } from "./agent.mjs";
import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";

const { exports, version } = await load("undici");
const cookieAgent = await load("http-cookie-agent/undici");
const tough = await toughStores();
const { ProxyAgent, interceptors, request } = exports;

const description = describe("undici", version, "https://www.npmjs.com/package/undici", {
  can: TOUGH,
  notes:
    `request() with the interceptor of http-cookie-agent ${cookieAgent.version} ` +
    `and a CookieJar of tough-cookie ${tough.version}.`,
});

function open({ proxy, ca }, jar) {
  const network = new ProxyAgent({ uri: proxy, requestTls: { ca } });
  const cookies = network.compose(cookieAgent.exports.cookie({ jar }));
  return async ({ uri, method, headers, follow }) => {
    const redirect = interceptors.redirect({ maxRedirections: follow });
    const dispatcher = follow > 0 ? cookies.compose(redirect) : cookies;
    const { body } = await request(uri, { method, headers, dispatcher });
    await body.dump();
  };
}

serve(description, agent(open, isOfNode, tough.stores));

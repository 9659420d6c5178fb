// fetch-cookie around the fetch of undici, on the network.

import { TOUGH, agent, isOfNode, toughStores } from "./agent.mjs";
import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";

const { exports, version } = await load("fetch-cookie");
const undici = await load("undici");
const fetchCookie = exports.default ?? exports;
const tough = await toughStores();

const SOURCE = "https://www.npmjs.com/package/fetch-cookie";

const description = describe("fetch-cookie", version, SOURCE, {
  can: TOUGH,
  notes: `With its default store, a tough-cookie, around the fetch of undici ${undici.version}.`,
});

function open({ proxy, ca }, jar) {
  const { ProxyAgent, fetch } = undici.exports;
  const dispatcher = new ProxyAgent({ uri: proxy, requestTls: { ca } });
  const client = fetchCookie(fetch, jar);
  return async ({ uri, method, headers, follow }) => {
    const redirect = follow > 0 ? "follow" : "manual";
    const init = { method, headers, redirect, maxRedirect: follow, dispatcher };
    const response = await client(uri, init);
    await response.arrayBuffer();
  };
}

// A `fetch` has one error for all of the network, and one for a URI with user information.
const isRefusal = (error) =>
  error.message === "fetch failed" ||
  error.message.startsWith("Request cannot be constructed from a URL that includes credentials") ||
  isOfNode(error);

serve(description, agent(open, isRefusal, tough.stores));

// superagent: an `agent()`, on the network.

import { agent, isOfNode, proxyAgents } from "./agent.mjs";
import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";

const { exports, version } = await load("superagent");
const superagent = exports.default ?? exports;
const agents = await proxyAgents();

const description = describe("superagent", version, "https://www.npmjs.com/package/superagent", {
  can: ["navigate", "agent.clear"],
  notes: `An agent() with its CookieJar of cookiejar ${(await load("cookiejar")).version}.`,
});

// An agent() has a store of its own, and only there are its other settings.
const stores = { create: () => superagent.agent() };

function open(settings, client) {
  const byProtocol = agents(settings);
  return ({ uri, method, headers, follow }) =>
    client[method.toLowerCase()](uri)
      .agent(byProtocol[new URL(uri).protocol])
      .set(headers)
      .redirects(follow)
      .ok(() => true);
}

serve(description, agent(open, isOfNode, stores));

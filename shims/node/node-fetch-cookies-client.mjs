// node-fetch-cookies, on the network.

import { agent, isOfNode, proxyAgents } from "./agent.mjs";
import { load } from "./package.mjs";
import { describe, serve } from "./protocol.mjs";

const { exports, version } = await load("node-fetch-cookies");
const { CookieJar, fetch } = exports;
const agents = await proxyAgents();

const SOURCE = "https://www.npmjs.com/package/node-fetch-cookies";

const description = describe("node-fetch-cookies", version, SOURCE, {
  can: ["navigate", "agent.clear", "agent.save", "agent.load"],
  notes: "Its fetch with a CookieJar. No public suffix list.",
});

const stores = {
  create: () => new CookieJar(),
  save: (jar, file) => jar.save(file),
  load: async (file) => {
    const jar = new CookieJar();
    await jar.load(file);
    return jar;
  },
};

function open(settings, jar) {
  const byProtocol = agents(settings);
  return async ({ uri, method, headers, follow }) => {
    const redirect = follow > 0 ? "follow" : "manual";
    const choose = (url) => byProtocol[url.protocol];
    const init = { method, headers, redirect, follow, agent: choose };
    const response = await fetch(jar, uri, init);
    await response.arrayBuffer();
  };
}

// It takes no Cookie field of its caller where it has cookies itself.
const isRefusal = (error) =>
  error.message === "options.headers already contains a cookie header!" || isOfNode(error);

serve(description, agent(open, isRefusal, stores));

// What the shims of HTTP clients share: the operations by which a client is taken through a walk.
//
// `open` makes a client with an empty cookie store, by the URI of the proxy and the text of the
// certificate of the authority: a function of a request `{ uri, method, headers, follow }` that
// returns a promise, kept when the last response is there. `isRefusal` tells whether what it threw
// means that its HTTP layer refuses a request or a response; all else is a failure.

import { readFileSync } from "node:fs";

import { load } from "./package.mjs";

export function agent(open, isRefusal, redirects = 0) {
  let settings;
  let client;
  const begin = () => {
    client = open(settings);
    return {};
  };
  return {
    "agent.start": async ({ proxy, ca }) => {
      settings = { proxy, ca: readFileSync(ca, "utf8") };
      begin();
      return { redirects };
    },
    "agent.clear": begin,
    navigate: async ({ headers, ...request }) => {
      try {
        await client({ ...request, headers: Object.fromEntries(headers) });
        return {};
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return { refused: said(error) };
      }
    },
  };
}

// An error, and what caused it.
function said(error) {
  return error.cause ? `${error}: ${said(error.cause)}` : String(error);
}

// The agents of Node's own `http` and `https` that connect through the proxy, by the protocol of a
// URL. `wrap` makes the class of such an agent another.
export async function proxyAgents(wrap = (Agent) => Agent) {
  const { HttpProxyAgent, HttpsProxyAgent } = (await load("hpagent")).exports;
  const [Http, Https] = [wrap(HttpProxyAgent), wrap(HttpsProxyAgent)];
  return ({ proxy, ca }, options) => ({
    "http:": new Http({ proxy, keepAlive: true, ...options }),
    "https:": new Https({ proxy, ca, keepAlive: true, ...options }),
  });
}

// Whether an error is one of Node's own network, TLS and HTTP modules, or of the connection to the
// proxy.
export function isOfNode(error) {
  const isOne = typeof error?.code === "string" || /^Bad response: \d/.test(error?.message);
  return isOne || (error?.cause !== undefined && isOfNode(error.cause));
}

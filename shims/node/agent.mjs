// What the shims of HTTP clients share: the operations by which a client is taken through a walk.
//
// `open` makes a client by the URI of the proxy and the text of the certificate of the authority, and
// with a cookie store: a function of a request `{ uri, method, headers, follow }` that returns a
// promise, kept when the last response is there. `isRefusal` tells whether what it threw means that
// its HTTP layer refuses a request or a response; all else is a failure. `stores` has `create()`, which
// makes an empty store; and where its library has the means, `save(store, file)` and `load(file)`,
// and `clone(store)`, which returns a copy.

import { readFileSync, writeFileSync } from "node:fs";

import { load } from "./package.mjs";

export function agent(open, isRefusal, stores, redirects = 0) {
  let settings;
  let store;
  let client;
  const begin = (next) => {
    store = next;
    client = open(settings, store);
    return {};
  };
  const operations = {
    "agent.start": async ({ proxy, ca }) => {
      settings = { proxy, ca: readFileSync(ca, "utf8") };
      begin(stores.create());
      return { redirects };
    },
    "agent.clear": () => begin(stores.create()),
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
  if (stores.save) {
    operations["agent.save"] = async ({ file }) => {
      await stores.save(store, file);
      return {};
    };
    operations["agent.load"] = async ({ file }) => begin(await stores.load(file));
  }
  if (stores.clone) operations["agent.clone"] = async () => begin(await stores.clone(store));
  return operations;
}

// The stores of tough-cookie, which are saved as JSON, with their version.
export async function toughStores() {
  const { exports, version } = await load("tough-cookie");
  const { CookieJar } = exports;
  const stores = {
    create: () => new CookieJar(),
    save: async (jar, file) => writeFileSync(file, JSON.stringify(await jar.serialize())),
    load: (file) => CookieJar.deserialize(readFileSync(file, "utf8")),
    clone: (jar) => jar.clone(),
  };
  return { stores, version };
}

// What a client with such a store is able to do.
export const TOUGH = [
  "navigate",
  "agent.clear",
  "agent.save",
  "agent.load",
  "agent.clone",
  "public-suffix",
];

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

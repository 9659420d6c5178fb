// @hapi/statehood: the cookies of hapi.

import { load } from "./package.mjs";
import { Unsupported, describe, octets, serve } from "./protocol.mjs";
import { writes } from "./server.mjs";

const { exports: statehood, version } = await load("@hapi/statehood");

const description = describe(
  "hapi-statehood",
  version,
  "https://www.npmjs.com/package/@hapi/statehood",
  {
    can: ["parse.cookie", "format.set-cookie"],
    blind: ["order"],
    notes:
      "Cookies of one name are reported together. An error with a status of 400 is reported as a " +
      "request without cookies. A Max-Age brings an Expires with it. Secure, HttpOnly and " +
      "SameSite are set unless the caller says otherwise, which the shim does.",
  },
);

const definitions = new statehood.Definitions();

async function parseCookie(input) {
  const pairs = [];
  for (const line of input.cookie) {
    const { states } = await definitions.parse(line).catch((error) => {
      if (error.isBoom && error.output.statusCode === 400) return { states: {} };
      throw error;
    });
    for (const [name, values] of Object.entries(states)) {
      for (const value of [values].flat()) pairs.push([octets(name), octets(value)]);
    }
  }
  return { pairs };
}

async function write(name, value, attributes) {
  const { maxAge, expires, domain = null, path = null, sameSite = false } = attributes;
  if (expires !== undefined) throw new Unsupported("expires");
  const options = {
    ttl: maxAge === undefined ? null : maxAge * 1000,
    domain,
    path,
    isSecure: attributes.secure ?? false,
    isHttpOnly: attributes.httpOnly ?? false,
    isSameSite: sameSite,
    isPartitioned: attributes.partitioned ?? false,
  };
  const [line] = await definitions.format({ name, value, options });
  return line;
}

serve(description, {
  "parse.cookie": parseCookie,
  "format.set-cookie": writes(write, (error) => error.isBoom),
});

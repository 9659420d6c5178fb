// @whatwg-node/cookie-store: the Cookie Store API of GraphQL Yoga and other servers.

import { load } from "./package.mjs";
import { Unsupported, describe, serve } from "./protocol.mjs";
import { reads, writes } from "./server.mjs";

const { exports: cookieStore, version } = await load("@whatwg-node/cookie-store");

const description = describe(
  "whatwg-cookie-store",
  version,
  "https://www.npmjs.com/package/@whatwg-node/cookie-store",
  {
    can: ["parse.cookie", "format.set-cookie"],
    blind: ["duplicates"],
    notes: "Values are percent-decoded. It has no Max-Age and no Partitioned.",
  },
);

function write(name, value, { maxAge, partitioned, sameSite, ...attributes }) {
  if (maxAge !== undefined) throw new Unsupported("max_age");
  if (partitioned) throw new Unsupported("partitioned");
  return cookieStore.getCookieString({
    name,
    value,
    sameSite: sameSite?.toLowerCase(),
    ...attributes,
  });
}

serve(description, {
  "parse.cookie": reads((line) =>
    [...cookieStore.parse(line).values()].map(({ name, value }) => [name, value]),
  ),
  "format.set-cookie": writes(write),
});

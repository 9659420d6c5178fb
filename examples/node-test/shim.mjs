// The package behind the shim protocol.

import { createInterface } from "node:readline";
import { parse } from "./cookies.mjs";

const hello = {
  protocol: 1,
  shim: "example/1",
  impl: { name: "cookies", version: "1.0", language: "javascript" },
  can: ["parse.set-cookie"],
  // The package reports a name and a value and nothing else.
  blind: ["domain", "path", "expires", "max_age", "secure", "http_only", "same_site", "partitioned"],
  claims: "rfc6265bis",
  window: 64,
};

const operations = {
  hello: () => hello,
  echo: (input) => input,
  "parse.set-cookie": (input) => ({ cookie: parse(input.set_cookie) ?? null }),
};

function answer({ id, op, in: input }) {
  if (!Object.hasOwn(operations, op)) return { id, unsupported: { need: op } };
  try {
    return { id, ok: operations[op](input) };
  } catch (error) {
    return { id, error: { message: String(error) } };
  }
}

const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
for await (const line of lines) {
  const request = JSON.parse(line);
  if (request.op === "bye") break;
  process.stdout.write(`${JSON.stringify(answer(request))}\n`);
}

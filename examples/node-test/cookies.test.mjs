// One test for each case of the suite: node --test examples/node-test

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import test from "node:test";

const binary = process.env.COOKIESPEC ?? "cookiespec";
const shim = fileURLToPath(new URL("shim.mjs", import.meta.url));
// Deviations that are intended or not fixed yet, with the reason.
const known = [[/^set-cookie\.size\./, "the package has no limits"]];

// Every case that could be run on the package, with its verdict and the details.
function suite() {
  const words = ["run", "--format", "json", "--area", "set-cookie.pair", "--area", "set-cookie.size"];
  const ran = spawnSync(binary, [...words, "--", process.execPath, shim], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (ran.error) throw ran.error;
  assert.ok(ran.status === 0 || ran.status === 1, `cookiespec ended with ${ran.status}: ${ran.stderr}`);
  const document = JSON.parse(ran.stdout);
  assert.ok(document.end, "the document was cut short");
  return document.targets[0].sheets[0].cases;
}

for (const one of suite()) {
  const skip = ["n/a", "unsupported", "blocked"].includes(one.verdict) && (one.note ?? one.verdict);
  const todo = known.find(([pattern]) => pattern.test(one.id))?.[1];
  test(one.id, { skip, todo }, () => {
    assert.ok(["pass", "info", "weak"].includes(one.verdict), JSON.stringify(one, null, 1));
  });
}

// Prints what is installed of the packages under test: one `package version` on a line.

import { readFileSync } from "node:fs";

import { version } from "./package.mjs";

const manifest = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
for (const name of Object.keys(manifest.dependencies)) {
  const installed = version(name);
  if (installed !== undefined) console.log(name, installed);
}

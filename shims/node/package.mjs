// A package under test: its exports, and the version its own package.json states.
//
// `require` also looks in NODE_PATH, where `import` does not, so that a shim that was copied away
// from its node_modules can still be given one.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

export function load(name) {
  return { exports: require(name), version: version(name) };
}

// A package may hide its package.json from `require`, so it is looked for above the entry point.
function version(name) {
  let folder = dirname(require.resolve(name));
  for (;;) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      if (manifest.name === name) return manifest.version;
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
    if (dirname(folder) === folder) throw new Error(`${name} has no package.json`);
    folder = dirname(folder);
  }
}

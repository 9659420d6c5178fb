// A package under test: its exports, and the version its own package.json states.
//
// `require` also looks in NODE_PATH, where `import` does not, so that a shim that was copied away
// from its node_modules can still be given one.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);

// What `import` of the specifier gives, and the version of the package it is in.
export async function load(specifier) {
  const [scope, name] = specifier.split("/");
  const packageName = scope.startsWith("@") ? `${scope}/${name}` : scope;
  return { exports: await exported(specifier), version: version(packageName) };
}

async function exported(specifier) {
  try {
    return require(specifier);
  } catch (error) {
    if (!NOT_FOR_REQUIRE.includes(error.code)) throw error;
    return import(specifier);
  }
}

// How `require` says that a package has nothing for it, but may have something for `import`.
const NOT_FOR_REQUIRE = ["ERR_REQUIRE_ESM", "ERR_PACKAGE_PATH_NOT_EXPORTED"];

// The version of an installed package; undefined if it is not installed.
export function version(name) {
  // A package may hide its package.json from `require`, but not from a look at the folder.
  const manifest = require.resolve
    .paths(name)
    .map((folder) => join(folder, name, "package.json"))
    .find(existsSync);
  return manifest && JSON.parse(readFileSync(manifest, "utf8")).version;
}

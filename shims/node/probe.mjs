// Exits with success, and prints the version, if the package named on the command line is there.

import { load } from "./package.mjs";

console.log(load(process.argv[2]).version);

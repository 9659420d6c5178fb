// The library under test behind the shim protocol. Replace what says "example".

import { serve, text } from "./protocol.mjs";

const description = {
  shim: "example/1",
  impl: { name: "example", version: "0.1.0", language: "javascript", source: "" },
  // The operations and abilities it has; each operation needs a function below.
  can: ["parse.set-cookie"],
  // Fields that cannot be observed, such as "same_site".
  blind: [],
  notes: "",
};

function parseSetCookie(input) {
  const [pair] = text(input, "set_cookie").split(";");
  const equals = pair.indexOf("=");
  // A rejected cookie is null, which is a result and not an error.
  if (equals < 0) return { cookie: null };
  return { cookie: { name: pair.slice(0, equals), value: pair.slice(equals + 1) } };
}

serve(description, { "parse.set-cookie": parseSetCookie });

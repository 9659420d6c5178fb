// What the shims of cookie stores share: the steps of a `jar` program.

import { advance, setTime } from "./clock.mjs";
import { Unsupported, integer } from "./protocol.mjs";

// The operation `jar`. `open` makes a new store by a configuration: one function for each kind of
// step, which returns what is observed, or nothing, or a promise of it.
export function jar(open) {
  return async ({ now, config = {}, steps }) => {
    setTime(now);
    const perform = { advance: (step) => advance(step.secs), ...open(config) };
    const obs = {};
    for (const step of steps) {
      if (!Object.hasOwn(perform, step.do)) throw new Unsupported(step.do);
      const observation = await perform[step.do](step);
      // No clock stands still while a response arrives and the next request is made.
      advance(0.001);
      if (observation !== undefined) obs[step.at] = observation;
    }
    return { obs };
  };
}

// The URL of a step, for a store that has these abilities: `script`, `same-site`.
export function url({ uri, context = {} }, can = []) {
  if (typeof uri !== "string") throw new TypeError("`uri` is not a string");
  if (context.api === "script" && !can.includes("script")) throw new Unsupported("script");
  if (context.same_site === false && !can.includes("same-site")) throw new Unsupported("same-site");
  if (!URL.canParse(uri)) throw new Unsupported("uri");
  return new URL(uri);
}

// A moment in Unix seconds.
export const unix = (date) => integer(date / 1000);

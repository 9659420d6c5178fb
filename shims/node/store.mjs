// What the shims of cookie stores share: the steps of a `jar` program, and its clock.

import { Unsupported, integer } from "./protocol.mjs";

// The time that libraries read from Date, in milliseconds.
let now = 0;
const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [now] : given));
  }
  static now() {
    return now;
  }
};

// The operation `jar`. `open` makes a new store by a configuration: one function for each kind of
// step, which returns what is observed, or nothing, or a promise of it.
export function jar(open) {
  return async ({ now: start, config = {}, steps }) => {
    now = start * 1000;
    const perform = { advance: (step) => void (now += step.secs * 1000), ...open(config) };
    const obs = {};
    for (const step of steps) {
      if (!Object.hasOwn(perform, step.do)) throw new Unsupported(step.do);
      const observation = await perform[step.do](step);
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

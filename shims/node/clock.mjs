// The time that libraries read from Date. It stands still unless it is wound.

let now = Date.UTC(2026, 10, 24);

const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [now] : given));
  }
  static now() {
    return now;
  }
};

// Sets it to a moment in Unix seconds.
export function setTime(seconds) {
  now = seconds * 1000;
}

// Lets time pass, in seconds.
export function advance(seconds) {
  now += seconds * 1000;
}

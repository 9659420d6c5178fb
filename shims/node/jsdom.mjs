// jsdom: its `CookieJar`, and `document.cookie` of a window that has it.

import { load } from "./package.mjs";
import { Unsupported, describe, octets, serve, text } from "./protocol.mjs";
import { jar, url } from "./store.mjs";

const { exports: jsdom, version } = await load("jsdom");

const description = describe("jsdom", version, "https://www.npmjs.com/package/jsdom", {
  can: ["jar", "clock", "script", "secure"],
  notes: "Its CookieJar, a tough-cookie in loose mode, called as its resource loader calls it.",
});

function open() {
  const store = new jsdom.CookieJar();
  const circumstances = (step) => {
    url(step, ["script"]);
    return { ignoreError: true, http: step.context?.api !== "script" };
  };
  const documentAt = (step) => {
    if (!["http:", "https:"].includes(url(step, ["script"]).protocol)) throw new Unsupported("uri");
    return new jsdom.JSDOM("", { url: step.uri, cookieJar: store }).window.document;
  };
  return {
    receive: (step) => {
      for (const line of step.set_cookie) {
        store.setCookieSync(line, step.uri, circumstances(step));
      }
    },
    send: (step) => {
      const header = store.getCookieStringSync(step.uri, circumstances(step));
      return { header: octets(header) || null };
    },
    "script-set": (step) => void (documentAt(step).cookie = text(step, "value")),
    "script-get": (step) => ({ value: octets(documentAt(step).cookie) }),
  };
}

serve(description, { jar: jar(open) });

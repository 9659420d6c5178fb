// happy-dom: the cookie container behind its `fetch` and its `document.cookie`.

import { load } from "./package.mjs";
import { describe, octets, serve, text } from "./protocol.mjs";
import { jar, unix, url } from "./store.mjs";

const { exports: container, version } = await load("happy-dom/lib/cookie/CookieContainer.js");
const strings = await load("happy-dom/lib/cookie/urilities/CookieStringUtility.js");
const CookieContainer = container.default;
const CookieStringUtility = strings.exports.default;

const description = describe("happy-dom", version, "https://www.npmjs.com/package/happy-dom", {
  can: ["jar", "clock", "dump", "script", "secure"],
  blind: ["creation", "last_access", "same_site"],
  notes: "Its CookieContainer, called as its fetch and its document.cookie call it.",
});

function open() {
  const store = new CookieContainer();
  const receive = (line, step) => {
    const cookie = CookieStringUtility.stringToCookie(url(step, ["script"]), line);
    if (cookie) store.addCookies([cookie]);
  };
  const send = (step, isScript) => {
    const cookies = store.getCookies(url(step, ["script"]), isScript);
    return octets(CookieStringUtility.cookiesToString(cookies));
  };
  return {
    receive: (step) => step.set_cookie.forEach((line) => receive(line, step)),
    send: (step) => ({ header: send(step, step.context?.api === "script") || null }),
    "script-set": (step) => receive(text(step, "value"), step),
    "script-get": (step) => ({ value: send(step, true) }),
    dump: () => ({ cookies: store.getCookies().map(stored) }),
  };
}

function stored({ key, value, domain, originURL, path, expires, secure, httpOnly }) {
  return {
    name: octets(key),
    value: octets(value ?? ""),
    domain: octets(domain || originURL.hostname),
    host_only: !domain,
    path: octets(path),
    expires: expires === null ? null : unix(expires),
    secure,
    http_only: httpOnly,
  };
}

serve(description, { jar: jar(open) });

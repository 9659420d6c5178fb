// The package under test: a parser of Set-Cookie fields.

const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

// The name and the value, or undefined where there is no cookie.
export function parse(setCookie) {
  if (CONTROL.test(setCookie)) return undefined;
  const [pair] = setCookie.split(";");
  // What has no "=" is a value without a name.
  const equals = pair.indexOf("=");
  const parts = equals < 0 ? ["", pair] : [pair.slice(0, equals), pair.slice(equals + 1)];
  const [name, value] = parts.map((part) => part.replace(/^[ \t]+|[ \t]+$/g, ""));
  return name || value ? { name, value } : undefined;
}

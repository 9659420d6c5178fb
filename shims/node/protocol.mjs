// The shim protocol on stdin and stdout: one JSON object per line.
//
// A shim calls `serve` with its description and one function per operation. A function takes the
// `in` member of a request and returns the `ok` member of the answer. It throws `Unsupported` for
// what the implementation lacks; anything else it throws is reported as `error`.
//
// Strings that stand for octets have one code point U+0000..U+00FF per octet, which is how Node's
// own HTTP modules hand header fields on.

import { Console } from "node:console";

const PROTOCOL = 1;
const WINDOW = 64;
const BATCH = 256;

export class Unsupported extends Error {
  constructor(need) {
    super(need);
    this.need = need;
  }
}

// The nearest integer that the protocol can carry.
export function integer(number) {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Math.floor(number), Number.MAX_SAFE_INTEGER));
}

// A member of `in` that must be a string.
export function text(input, name) {
  if (typeof input?.[name] !== "string") throw new TypeError(`\`${name}\` is not a string`);
  return input[name];
}

// Answers requests until stdin ends or `bye` arrives.
export function serve(description, operations) {
  // stdout carries the protocol only; what a library prints is a remark for the report.
  globalThis.console = new Console(process.stderr);

  const dispatch = new Map([
    ["hello", (input) => hello(description, input)],
    ["echo", (input) => ({ data: text(input, "data") })],
    ["batch", (input) => ({ results: input.cases.map((request) => answer(dispatch, request)) })],
    ...Object.entries(operations),
  ]);

  let unread = "";
  process.stdin.setEncoding("utf8");
  // Every request that has arrived is answered before the next read: one write for a window.
  process.stdin.on("data", (block) => {
    const lines = (unread + block).split("\n");
    unread = lines.pop();
    let ready = "";
    for (const line of lines) {
      const request = parse(line);
      if (request === undefined || request.op === "bye") {
        process.exitCode = request === undefined ? 2 : 0;
        process.stdin.destroy();
        break;
      }
      ready += `${JSON.stringify(answer(dispatch, request))}\n`;
    }
    process.stdout.write(ready);
  });
}

// The request on a line; undefined, and a remark on stderr, where there is none to be answered.
function parse(line) {
  try {
    const request = JSON.parse(line);
    if (Number.isSafeInteger(request.id) && typeof request.op === "string") return request;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  console.error("not a request with `id` and `op`:", JSON.stringify(line.slice(0, 200)));
  return undefined;
}

function answer(dispatch, { id, op, in: input }) {
  try {
    const operation = dispatch.get(op);
    if (operation === undefined) throw new Unsupported(op);
    return { id, ok: operation(input) };
  } catch (error) {
    if (error instanceof Unsupported) return { id, unsupported: { need: error.need } };
    return { id, error: { message: String(error) } };
  }
}

function hello(description, input) {
  if (!input.protocol.includes(PROTOCOL)) throw new Unsupported("protocol");
  return { protocol: PROTOCOL, window: WINDOW, batch: BATCH, ...description };
}

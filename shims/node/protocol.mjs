// The shim protocol on stdin and stdout: one JSON object per line.
//
// A shim calls `serve` with its description and one function per operation. A function takes the
// `in` member of a request and returns the `ok` member of the answer, or a promise of it. It throws
// `Unsupported` for what the implementation lacks; anything else it throws is reported as `error`.
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

// What a library reports, as the protocol carries it. Text beyond Latin-1 is what the library has
// decoded; it goes back to the UTF-8 it came from.
export function octets(text) {
  return /^[\0-\xff]*$/.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

// The answer to `hello`: who is put under test, and what it can do.
export function describe(name, version, source, members) {
  const impl = { name, version, language: "javascript", source };
  return { shim: `node-${name}/1`, impl, ...members };
}

// Answers requests until stdin ends or `bye` arrives.
export function serve(description, operations) {
  // stdout carries the protocol only; what a library prints is a remark for the report.
  globalThis.console = new Console(process.stderr);

  const dispatch = new Map([
    ["hello", (input) => hello(description, input)],
    ["echo", (input) => ({ data: text(input, "data") })],
    ["batch", (input) => batch(dispatch, input)],
    ...Object.entries(operations),
  ]);

  let unread = "";
  let waiting = [];
  let isAnswering = false;
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (block) => {
    const lines = (unread + block).split("\n");
    unread = lines.pop();
    waiting = waiting.concat(lines);
    if (!isAnswering) answerAll();
  });

  // Every request that has arrived is answered before the next read: one write for a window. One
  // that takes a promise is done before the next one begins.
  async function answerAll() {
    isAnswering = true;
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      let ready = "";
      for (const line of lines) {
        const request = parse(line);
        if (request === undefined || request.op === "bye") {
          process.exitCode = request === undefined ? 2 : 0;
          process.stdin.destroy();
          process.stdout.write(ready);
          return;
        }
        let reply = answer(dispatch, request);
        if (reply instanceof Promise) reply = await reply;
        ready += `${JSON.stringify(reply)}\n`;
      }
      process.stdout.write(ready);
    }
    isAnswering = false;
  }
}

async function batch(dispatch, input) {
  const results = [];
  for (const request of input.cases) results.push(await answer(dispatch, request));
  return { results };
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
    const ok = operation(input);
    if (!(ok instanceof Promise)) return { id, ok };
    return ok.then(
      (ok) => ({ id, ok }),
      (error) => failure(id, error),
    );
  } catch (error) {
    return failure(id, error);
  }
}

function failure(id, error) {
  if (error instanceof Unsupported) return { id, unsupported: { need: error.need } };
  return { id, error: { message: String(error) } };
}

function hello(description, input) {
  if (!input.protocol.includes(PROTOCOL)) throw new Unsupported("protocol");
  return { protocol: PROTOCOL, window: WINDOW, batch: BATCH, ...description };
}

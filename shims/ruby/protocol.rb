# The shim protocol on stdin and stdout: one JSON object per line.
#
# A shim calls `serve` with its description and one callable per operation, which takes the `in` member
# of a request and returns the `ok` member of the answer. It raises `Unsupported` for what the library
# lacks; any other exception is reported as `error`.
#
# Strings that stand for octets have one code point U+0000..U+00FF per octet in JSON. `octets` makes a
# binary string of one, as Ruby's HTTP servers and clients hand header fields on; `text` is its inverse.

require "json"

module Protocol
  VERSION = 1
  WINDOW = 64
  BATCH = 256
  BLOCK = 1 << 16
  # The protocol's integers stay below 2^53 on either side of zero.
  MAX_INTEGER = 2**53 - 1

  # The implementation has no such operation or ability.
  class Unsupported < StandardError
    alias need message
  end

  module_function

  def octets(string)
    string&.encode(Encoding::ISO_8859_1)&.b
  end

  def text(octets)
    octets&.b&.force_encoding(Encoding::ISO_8859_1)&.encode(Encoding::UTF_8)
  end

  # The nearest integer that the protocol can carry.
  def integer(number)
    number&.to_i&.clamp(-MAX_INTEGER, MAX_INTEGER)
  end

  # Answers requests until stdin ends or `bye` arrives.
  def serve(description, operations)
    requests = $stdin.binmode
    answers = $stdout.dup.binmode
    # stdout carries the protocol only; what a library prints is a remark for the report.
    $stdout.reopen($stderr)

    dispatch = operations.transform_keys(&:to_s)
    dispatch["hello"] = ->(asked) { hello(description, asked) }
    dispatch["echo"] = ->(asked) { { data: text(octets(asked["data"])) } }
    dispatch["batch"] = ->(asked) { { results: asked["cases"].map { |one| answer(dispatch, one) } } }

    unread = +""
    # Every request that has arrived is answered before the next read: one write for a window.
    while (block = read(requests))
      unread << block
      ready = +""
      while (line = unread.slice!(/\A.*\n/))
        request = parse(line)
        if request.nil? || request["op"] == "bye"
          answers.write(ready)
          exit(request ? 0 : 2)
        end
        ready << JSON.generate(answer(dispatch, request)) << "\n"
      end
      answers.write(ready)
      answers.flush
    end
  end

  def read(requests)
    requests.readpartial(BLOCK)
  rescue EOFError
    nil
  end

  # The request on a line; nil, and a remark on stderr, where there is none to be answered.
  def parse(line)
    request = JSON.parse(line)
    return request if request.is_a?(Hash) && request["id"].is_a?(Integer) && request["op"].is_a?(String)

    not_a_request(line)
  rescue JSON::ParserError
    not_a_request(line)
  end

  def not_a_request(line)
    warn("not a request with `id` and `op`: #{line[0, 200].inspect}")
  end

  def answer(dispatch, request)
    reply = request.key?("id") ? { id: request["id"] } : {}
    operation = dispatch[request["op"]] or raise Unsupported, request["op"]
    reply.merge(ok: operation.call(request["in"]))
  rescue Unsupported => lacking
    reply.merge(unsupported: { need: lacking.need })
  rescue StandardError, SystemStackError => error
    reply.merge(error: { message: text("#{error.class}: #{error.message.lines.first}") })
  end

  def hello(description, asked)
    raise Unsupported, "protocol" unless asked["protocol"].include?(VERSION)

    { protocol: VERSION, window: WINDOW, batch: BATCH, **description }
  end
end

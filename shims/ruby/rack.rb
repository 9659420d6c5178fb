# Rack: the cookies of Rails, Sinatra and most other Ruby applications.

require "rack"

require_relative "protocol"

def parse_cookie(asked)
  lines = asked["cookie"].map { |line| Protocol.octets(line) }
  cookies = Rack::Request.new("HTTP_COOKIE" => lines.join("; ")).cookies
  { pairs: cookies.map { |name, value| [Protocol.text(name), Protocol.text(value) || ""] } }
end

def format_set_cookie(asked)
  raise Protocol::Unsupported, "partitioned" if asked["partitioned"]

  response = Rack::Response.new
  response.set_cookie(
    Protocol.octets(asked["name"]),
    value: Protocol.octets(asked["value"]),
    domain: Protocol.octets(asked["domain"]),
    path: Protocol.octets(asked["path"]),
    max_age: asked["max_age"],
    expires: asked["expires"]&.then { |unix| Time.at(unix) },
    secure: asked["secure"],
    httponly: asked["http_only"],
    same_site: Protocol.octets(asked["same_site"])
  )
  { set_cookie: Protocol.text(response.get_header("Set-Cookie")) }
rescue ArgumentError
  { set_cookie: nil }
end

Protocol.serve(
  {
    shim: "ruby-rack/1",
    impl: { name: "rack", version: Rack.release, language: "ruby", source: "https://rubygems.org/gems/rack" },
    can: %w[parse.cookie format.set-cookie],
    blind: %w[duplicates],
    notes: "Field lines are joined by '; ', as servers do. Values are percent-decoded and percent-encoded, " \
           "with '+' for a blank. An ArgumentError is reported as a refusal.",
  },
  { "parse.cookie": method(:parse_cookie), "format.set-cookie": method(:format_set_cookie) }
)

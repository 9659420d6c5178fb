# CGI::Cookie of Ruby's standard library.

require "cgi"

require_relative "protocol"

def parse_cookie(asked)
  lines = asked["cookie"].map { |line| Protocol.octets(line) }
  cookies = CGI::Cookie.parse(lines.join("; "))
  { pairs: cookies.flat_map { |name, cookie| cookie.map { |value| [Protocol.text(name), Protocol.text(value)] } } }
end

def format_set_cookie(asked)
  %w[max_age same_site partitioned].each { |field| raise Protocol::Unsupported, field if asked[field] }
  cookie = CGI::Cookie.new(
    "name" => Protocol.octets(asked["name"]),
    "value" => Protocol.octets(asked["value"]),
    "domain" => Protocol.octets(asked["domain"]),
    "path" => Protocol.octets(asked["path"]),
    "expires" => asked["expires"]&.then { |unix| Time.at(unix) },
    "secure" => asked["secure"],
    "httponly" => asked["http_only"]
  )
  { set_cookie: Protocol.text(cookie.to_s) }
rescue ArgumentError
  { set_cookie: nil }
end

Protocol.serve(
  {
    shim: "ruby-cgi/1",
    impl: {
      name: "CGI::Cookie", version: Gem::Specification.find_by_name("cgi").version.to_s, language: "ruby",
      source: "https://rubygems.org/gems/cgi"
    },
    can: %w[parse.cookie format.set-cookie],
    notes: "Field lines are joined by '; ', as servers do. Values are lists: one pair is reported for each value. " \
           "They are percent-decoded and percent-encoded, with '+' for a blank. An ArgumentError of " \
           "CGI::Cookie.new is reported as a refusal to write.",
  },
  { "parse.cookie": method(:parse_cookie), "format.set-cookie": method(:format_set_cookie) }
)

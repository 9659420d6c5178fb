# WEBrick: the cookies of its requests and responses.

require "webrick"

require_relative "protocol"

def parse_set_cookie(asked)
  cookie = WEBrick::Cookie.parse_set_cookie(Protocol.octets(asked["set_cookie"]))
  {
    cookie: {
      name: Protocol.text(cookie.name) || "",
      value: Protocol.text(cookie.value),
      domain: Protocol.text(cookie.domain),
      path: Protocol.text(cookie.path),
      expires: Protocol.integer(cookie.expires),
      max_age: Protocol.integer(cookie.max_age),
      secure: cookie.secure ? true : false,
    },
  }
end

def parse_cookie(asked)
  cookies = asked["cookie"].flat_map { |line| WEBrick::Cookie.parse(Protocol.octets(line)) }
  { pairs: cookies.map { |cookie| [Protocol.text(cookie.name) || "", Protocol.text(cookie.value)] } }
end

def format_set_cookie(asked)
  %w[http_only same_site partitioned].each { |field| raise Protocol::Unsupported, field if asked[field] }
  cookie = WEBrick::Cookie.new(Protocol.octets(asked["name"]), Protocol.octets(asked["value"]))
  cookie.domain = Protocol.octets(asked["domain"])
  cookie.path = Protocol.octets(asked["path"])
  cookie.max_age = asked["max_age"]
  cookie.expires = asked["expires"]&.then { |unix| Time.at(unix) }
  cookie.secure = asked["secure"]
  { set_cookie: Protocol.text(cookie.to_s) }
end

Protocol.serve(
  {
    shim: "ruby-webrick/1",
    impl: {
      name: "webrick", version: WEBrick::VERSION, language: "ruby", source: "https://rubygems.org/gems/webrick"
    },
    can: %w[parse.set-cookie parse.cookie format.set-cookie],
    blind: %w[http_only same_site partitioned],
    notes: "WEBrick::Cookie, after RFC 2109. It documents no rejection.",
  },
  {
    "parse.set-cookie": method(:parse_set_cookie),
    "parse.cookie": method(:parse_cookie),
    "format.set-cookie": method(:format_set_cookie),
  }
)

# http-cookie: the cookie store of Mechanize, of HTTP clients such as http.rb and rest-client.

require "http/cookie_jar"
require "stringio"

require_relative "jar"

def parse_set_cookie(asked)
  Clock.set(asked["now"]) if asked["now"]
  origin = URI.parse(Protocol.octets(asked["uri"] || "https://site.example/"))
  { cookie: HTTP::Cookie.parse(Protocol.octets(asked["set_cookie"]), origin).first&.then { |one| parsed(one) } }
end

def parsed(cookie)
  {
    **fields(cookie),
    domain: (Protocol.text(cookie.domain) if cookie.for_domain?),
    expires: (Protocol.integer(cookie.expires) unless cookie.max_age),
    max_age: Protocol.integer(cookie.max_age),
  }
end

def fields(cookie)
  {
    name: Protocol.text(cookie.name),
    value: Protocol.text(cookie.value),
    path: Protocol.text(cookie.path),
    secure: cookie.secure? ? true : false,
    http_only: cookie.httponly? ? true : false,
  }
end

class Store
  def initialize
    @jar = HTTP::CookieJar.new
  end

  def receive(uri, lines)
    lines.each { |line| @jar.parse(line, uri) }
  end

  def send_to(uri)
    cookies = @jar.cookies(uri)
    HTTP::Cookie.cookie_value(cookies) unless cookies.empty?
  end

  def restart
    file = StringIO.new
    @jar.save(file)
    @jar = HTTP::CookieJar.new.load(StringIO.new(file.string))
  end

  def dump
    @jar.map do |cookie|
      {
        **fields(cookie),
        domain: Protocol.text(cookie.domain),
        host_only: !cookie.for_domain?,
        expires: Protocol.integer(cookie.expires),
        creation: Protocol.integer(cookie.created_at),
        last_access: Protocol.integer(cookie.accessed_at),
      }
    end
  end
end

Protocol.serve(
  {
    shim: "ruby-http-cookie/1",
    impl: {
      name: "http-cookie", version: HTTP::Cookie::VERSION, language: "ruby",
      source: "https://rubygems.org/gems/http-cookie"
    },
    can: %w[parse.set-cookie match.path jar clock dump restart secure],
    blind: %w[same_site partitioned],
    claims: "rfc6265",
    notes: "With its hash store; a restart is save and load of its YAML. Without Path, the default path is " \
           "reported. Public suffixes as the domain_name gem has them. It reads Time.now, which the shim winds.",
  },
  {
    "parse.set-cookie": method(:parse_set_cookie),
    "match.path": lambda do |asked|
      { match: HTTP::Cookie.path_match?(Protocol.octets(asked["cookie_path"]), Protocol.octets(asked["path"])) }
    end,
    jar: Jar.of(Store),
  }
)

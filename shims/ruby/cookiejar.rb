# cookiejar: the cookie store of em-http-request and of others.

require "cookiejar"
require "json"

require_relative "jar"

def parse_set_cookie(asked)
  Clock.set(asked["now"]) if asked["now"]
  uri = Protocol.octets(asked["uri"] || "https://site.example/")
  { cookie: parsed(CookieJar::Cookie.from_set_cookie(uri, Protocol.octets(asked["set_cookie"]))) }
rescue CookieJar::InvalidCookieError
  { cookie: nil }
end

def parsed(cookie)
  {
    name: Protocol.text(cookie.name) || "",
    value: Protocol.text(cookie.value) || "",
    # Without Domain it is the host; with it, there is a dot in front.
    domain: (Protocol.text(cookie.domain) if cookie.domain.start_with?(".")),
    path: Protocol.text(cookie.path),
    expires: Protocol.integer(cookie.expires_at),
    secure: cookie.secure ? true : false,
    http_only: cookie.http_only ? true : false,
  }
end

class Store
  def initialize
    @jar = CookieJar::Jar.new
  end

  def receive(uri, lines)
    @jar.set_cookies_from_headers(uri, "Set-Cookie" => lines)
  end

  def send_to(uri)
    header = @jar.get_cookie_header(uri)
    header unless header.empty?
  end

  def restart
    @jar = CookieJar::Jar.json_create(JSON.parse(@jar.to_a.to_json))
    @jar.expire_cookies(true)
  end
end

Protocol.serve(
  {
    shim: "ruby-cookiejar/1",
    impl: {
      name: "cookiejar", version: CookieJar::VERSION, language: "ruby",
      source: "https://rubygems.org/gems/cookiejar"
    },
    can: %w[parse.set-cookie jar clock restart secure],
    blind: %w[max_age same_site partitioned],
    claims: "rfc6265",
    notes: "After RFC 2965 in part. Max-Age becomes a time of expiry as it is read; without Path, the default path is " \
           "reported. A restart is its own JSON, and expire_cookies. It reads Time.now, which the shim winds.",
  },
  { "parse.set-cookie": method(:parse_set_cookie), jar: Jar.of(Store) }
)

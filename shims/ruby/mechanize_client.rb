# Mechanize, on the network.

require "mechanize"

require_relative "protocol"

# A Mechanize with an empty cookie store, and what its HTTP layer refuses.
class Client
  REFUSALS = [
    Mechanize::Error, Net::HTTP::Persistent::Error, Net::HTTPBadResponse, Net::HTTPHeaderSyntaxError,
    Net::ProtocolError, OpenSSL::SSL::SSLError, SocketError, SystemCallError, EOFError, URI::Error
  ].freeze

  def initialize(proxy, authorities)
    proxy = URI.parse(proxy)
    @agent = Mechanize.new
    @agent.set_proxy(proxy.host, proxy.port)
    @agent.ca_file = authorities
    @agent.max_history = 0
    @agent.open_timeout = @agent.read_timeout = nil
  end

  # Returns what was refused, or nil.
  def request(method, uri, headers, follow)
    @agent.redirect_ok = follow.positive?
    @agent.redirection_limit = follow
    case method
    when "GET" then @agent.get(uri, [], nil, headers)
    when "HEAD" then @agent.head(uri, [], headers)
    when "POST" then @agent.post(uri, "", headers)
    else @agent.request_with_entity(method.downcase.to_sym, uri, "", headers)
    end
    nil
  rescue Mechanize::ResponseCodeError
    # A response as good as any other.
    nil
  rescue *REFUSALS => error
    "#{error.class}: #{error.message}"
  end

  # The format is the library's own, without the cookies that end with the session.
  def save(file)
    @agent.cookie_jar.save(file)
  end

  def load(file)
    @agent.cookie_jar.load(file)
  end
end

settings = []
client = nil
clear = lambda do |_asked|
  client = Client.new(*settings)
  {}
end
start = lambda do |asked|
  settings = asked.values_at("proxy", "ca")
  clear.call(asked)
end
navigate = lambda do |asked|
  method, uri, headers, follow = asked.values_at("method", "uri", "headers", "follow")
  refused = client.request(method, uri, headers.to_h, follow)
  refused ? { refused: Protocol.text(refused) } : {}
end

save = lambda do |asked|
  client.save(asked["file"])
  {}
end
load = lambda do |asked|
  clear.call(asked)
  client.load(asked["file"])
  {}
end

Protocol.serve(
  {
    shim: "ruby-mechanize-client/1",
    impl: {
      name: "mechanize",
      version: Mechanize::VERSION,
      language: "ruby",
      source: "https://rubygems.org/gems/mechanize",
    },
    can: ["navigate", "agent.clear", "agent.save", "agent.load", "public-suffix"],
    notes: "With HTTP::CookieJar of http-cookie #{HTTP::Cookie::VERSION}.",
  },
  {
    "agent.start": start, "agent.clear": clear, "agent.save": save, "agent.load": load,
    navigate: navigate,
  }
)

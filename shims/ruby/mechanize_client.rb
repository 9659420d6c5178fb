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

Protocol.serve(
  {
    shim: "ruby-mechanize-client/1",
    impl: {
      name: "mechanize",
      version: Mechanize::VERSION,
      language: "ruby",
      source: "https://rubygems.org/gems/mechanize",
    },
    can: ["navigate", "agent.clear", "public-suffix"],
    notes: "With HTTP::CookieJar of http-cookie #{HTTP::Cookie::VERSION}.",
  },
  { "agent.start": start, "agent.clear": clear, navigate: navigate }
)

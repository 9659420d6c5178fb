# The operation `jar`: a program for a cookie store that is made for it.
#
# A store has `receive(uri, lines)` and `send_to(uri)`, which returns the Cookie field or nil; and
# `restart` and `dump` where it can. They are given octets.

require "uri"

require_relative "clock"
require_relative "protocol"

module Jar
  module_function

  # The operation for a class of stores that are told a URI and nothing else.
  def of(stores)
    lambda do |asked|
      Clock.set(asked["now"])
      store = stores.new
      observations = {}
      asked["steps"].each { |step| perform(store, step, observations) }
      { obs: observations }
    end
  end

  def perform(store, step, observations)
    circumstances(step)
    case step["do"]
    when "receive" then store.receive(uri(step), step["set_cookie"].map { |line| Protocol.octets(line) })
    when "send" then observations[step["at"]] = { header: Protocol.text(store.send_to(uri(step))) }
    when "advance" then Clock.advance(step["secs"])
    when "restart" then need(store, :restart)
    when "dump" then observations[step["at"]] = { cookies: need(store, :dump) }
    else raise Protocol::Unsupported, step["do"]
    end
  end

  def circumstances(step)
    context = step.fetch("context", {})
    script = step["do"].start_with?("script") || context["api"] == "script"
    raise Protocol::Unsupported, "script" if script
    raise Protocol::Unsupported, "same-site" if context["same_site"] == false
  end

  def need(store, ability)
    raise Protocol::Unsupported, ability unless store.respond_to?(ability)

    store.public_send(ability)
  end

  def uri(step)
    URI.parse(Protocol.octets(step["uri"]))
  rescue URI::InvalidURIError
    raise Protocol::Unsupported, "uri"
  end
end

# Rack's own sessions; SESSION_STORE says which: cookie or pool (in memory).

require "json"
require "rack"
require "rack/session/cookie"
require "rack/session/pool"

PASSWORDS = { "alice" => "wonderland", "bob" => "builder" }.freeze

def answer(body, status: 200)
  [status, { "Content-Type" => "application/json" }, [JSON.generate(body)]]
end

def login(request)
  user, password = request.POST.values_at("user", "password")
  return answer({ "user" => nil }, status: 403) unless PASSWORDS.key?(user) && PASSWORDS[user] == password

  request.session.options[:renew] = true
  request.session["user"] = user
  answer({ "user" => user })
end

def logout(request)
  request.session.destroy
  answer({ "user" => nil })
end

def write(request, status: 200)
  key, value = request.POST.values_at("key", "value")
  request.session["state.#{key}"] = value
  answer({ "value" => value }, status: status)
end

pages = lambda do |env|
  request = Rack::Request.new(env)
  case [request.request_method, request.path_info]
  in ["GET", "/"] then answer("public")
  in ["GET", "/whoami"] then answer({ "user" => request.session["user"] })
  in ["POST", "/login"] then login(request)
  in ["POST", "/logout"] then logout(request)
  in ["GET", "/get"] then answer({ "value" => request.session["state.#{request.GET["key"]}"] })
  in ["POST", "/set"] then write(request)
  in ["POST", "/error"] then write(request, status: 500)
  else answer({}, status: 404)
  end
end

options = { expire_after: Integer(ENV.fetch("SESSION_TTL", "1800")) }
if ENV["SESSION_STORE"] == "pool"
  use Rack::Session::Pool, options
else
  use Rack::Session::Cookie, options.merge(secret: "only for a probe on loopback, the same after a restart. " * 2)
end
run pages

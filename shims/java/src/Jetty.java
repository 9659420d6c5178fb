import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.CookieCompliance;
import org.eclipse.jetty.http.CookieParser;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.SetCookieParser;
import org.eclipse.jetty.server.HttpCookieUtils;

/** Jetty: the cookies of its server's requests and responses, and the cookie store of its client. */
final class Jetty {
    private static final SetCookieParser PARSER = SetCookieParser.newInstance();

    public static void main(String[] arguments) throws IOException {
        JsonObject description = Protocol.description(
                "jetty",
                org.eclipse.jetty.util.Jetty.VERSION,
                "https://jetty.org/",
                List.of("parse.set-cookie", "parse.cookie", "format.set-cookie", "jar", "secure"),
                List.of(),
                "CookieCompliance.RFC6265 and HttpCookieStore.Default, which counts Max-Age on System.nanoTime: that "
                        + "clock cannot be set. An InvalidCookieException, which the server answers with 400, is "
                        + "reported as a request without cookies; an IllegalArgumentException as a refusal.");
        description.addProperty("claims", "rfc6265");
        Protocol.serve(description, Map.of(
                "parse.set-cookie", Jetty::parseSetCookie,
                "parse.cookie", Jetty::parseCookie,
                "format.set-cookie", Jetty::formatSetCookie,
                "jar", Jar.of(config -> new Store())));
    }

    private static JsonElement parseSetCookie(JsonObject in) {
        Long now = Protocol.number(in, "now");
        if (now != null) {
            Clock.set(now);
        }
        HttpCookie cookie = PARSER.parse(Protocol.text(in, "set_cookie"));
        return Protocol.object("cookie", cookie == null ? null : parsed(cookie));
    }

    private static JsonObject parsed(HttpCookie cookie) {
        Instant expires = cookie.getExpires();
        return Protocol.object(
                "name", cookie.getName(),
                "value", cookie.getValue(),
                "domain", cookie.getDomain(),
                "path", cookie.getPath(),
                "expires", expires == null ? null : expires.getEpochSecond(),
                "max_age", cookie.getAttributes().containsKey(HttpCookie.MAX_AGE_ATTRIBUTE) ? cookie.getMaxAge() : null,
                "secure", cookie.isSecure(),
                "http_only", cookie.isHttpOnly(),
                "same_site", cookie.getSameSite() == null ? null : cookie.getSameSite().getAttributeValue(),
                "partitioned", cookie.isPartitioned());
    }

    private static JsonElement parseCookie(JsonObject in) {
        JsonArray pairs = new JsonArray();
        CookieParser.Handler handler = (name, value, version, domain, path, comment) ->
                pairs.add(Protocol.array(List.of(name, value)));
        try {
            CookieParser.newParser(handler, CookieCompliance.RFC6265, null).parseFields(Protocol.texts(in, "cookie"));
            return Protocol.object("pairs", pairs);
        } catch (CookieParser.InvalidCookieException rejected) {
            return Protocol.object("pairs", new JsonArray());
        }
    }

    private static JsonElement formatSetCookie(JsonObject in) {
        HttpCookie.SameSite sameSite = sameSite(Protocol.text(in, "same_site"));
        Long maxAge = Protocol.number(in, "max_age");
        Long expires = Protocol.number(in, "expires");
        // It writes the present time into an Expires beside Max-Age; this way it writes the same each time.
        Clock.set(0);
        try {
            HttpCookie.Builder builder = HttpCookie.build(Protocol.text(in, "name"), Protocol.text(in, "value"))
                    .domain(Protocol.text(in, "domain"))
                    .path(Protocol.text(in, "path"))
                    .secure(Protocol.flag(in, "secure"))
                    .httpOnly(Protocol.flag(in, "http_only"))
                    .sameSite(sameSite)
                    .partitioned(Protocol.flag(in, "partitioned"));
            if (maxAge != null) {
                builder.maxAge(maxAge);
            }
            if (expires != null) {
                builder.expires(Instant.ofEpochSecond(expires));
            }
            String written = HttpCookieUtils.getSetCookie(builder.build(), CookieCompliance.RFC6265);
            return Protocol.object("set_cookie", written);
        } catch (IllegalArgumentException refused) {
            return Protocol.object("set_cookie", null);
        }
    }

    private static HttpCookie.SameSite sameSite(String asked) {
        if (asked == null) {
            return null;
        }
        return Arrays.stream(HttpCookie.SameSite.values())
                .filter(value -> value.getAttributeValue().equals(asked))
                .findAny()
                .orElseThrow(() -> new Protocol.Unsupported("same_site"));
    }

    private static final class Store implements Jar.Store {
        private final HttpCookieStore store = new HttpCookieStore.Default();

        @Override
        public void receive(String uri, List<String> lines) {
            for (String line : lines) {
                HttpCookie cookie = PARSER.parse(line);
                if (cookie != null) {
                    store.add(JavaNet.uri(uri), cookie);
                }
            }
        }

        @Override
        public String send(String uri) {
            List<HttpCookie> cookies = store.match(JavaNet.uri(uri));
            if (cookies.isEmpty()) {
                return null;
            }
            return cookies.stream()
                    .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                    .collect(Collectors.joining("; "));
        }
    }
}

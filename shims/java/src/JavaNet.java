import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** {@code java.net}: HttpCookie, and the CookieManager of HttpURLConnection and java.net.http. */
final class JavaNet {
    public static void main(String[] arguments) throws IOException {
        JsonObject description = Protocol.description(
                "java.net",
                Runtime.version().toString(),
                "https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/net/CookieManager.html",
                Clock.abilities("parse.set-cookie", "match.domain", "jar", "secure"),
                List.of("expires", "partitioned", "same_site"),
                "CookieManager with its default policy, ACCEPT_ORIGINAL_SERVER. Expires becomes a Max-Age as it is "
                        + "read. An IllegalArgumentException of HttpCookie.parse is reported as a rejection. "
                        + "match.domain is HttpCookie.domainMatches, which follows RFC 2965.");
        Protocol.serve(description, Map.of(
                "parse.set-cookie", JavaNet::parseSetCookie,
                "match.domain", in -> Protocol.object(
                        "match", HttpCookie.domainMatches(Protocol.text(in, "domain"), Protocol.text(in, "host"))),
                "jar", Jar.of(config -> new Store())));
    }

    private static JsonElement parseSetCookie(JsonObject in) {
        Long now = Protocol.number(in, "now");
        if (now != null) {
            Clock.set(now);
        }
        try {
            return Protocol.object("cookie", parsed(HttpCookie.parse(Protocol.text(in, "set_cookie")).get(0)));
        } catch (IllegalArgumentException rejected) {
            return Protocol.object("cookie", null);
        }
    }

    private static JsonObject parsed(HttpCookie cookie) {
        return Protocol.object(
                "name", cookie.getName(),
                "value", cookie.getValue(),
                "domain", cookie.getDomain(),
                "path", cookie.getPath(),
                "max_age", cookie.getMaxAge() == -1 ? null : cookie.getMaxAge(),
                "secure", cookie.getSecure(),
                "http_only", cookie.isHttpOnly());
    }

    private static final class Store implements Jar.Store {
        private final CookieManager manager = new CookieManager();

        @Override
        public void receive(String uri, List<String> lines) throws IOException {
            manager.put(uri(uri), Map.of("Set-Cookie", lines));
        }

        @Override
        public String send(String uri) throws IOException {
            List<String> cookies = manager.get(uri(uri), Map.of()).getOrDefault("Cookie", List.of());
            return cookies.isEmpty() ? null : String.join("; ", cookies);
        }
    }

    /** The URI that the JDK's clients would have; unsupported where it is none. */
    static URI uri(String uri) {
        try {
            return URI.create(uri);
        } catch (IllegalArgumentException error) {
            throw new Protocol.Unsupported("uri");
        }
    }
}

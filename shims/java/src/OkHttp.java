import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.CookieManager;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import okhttp3.Cookie;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.java.net.cookiejar.JavaNetCookieJar;

/** OkHttp: its Cookie, and its JavaNetCookieJar over the CookieManager of the JDK. */
final class OkHttp {
    public static void main(String[] arguments) throws IOException {
        JsonObject description = Protocol.description(
                "okhttp",
                okhttp3.OkHttp.VERSION,
                "https://square.github.io/okhttp/",
                Clock.abilities("parse.set-cookie", "jar", "secure"),
                List.of("max_age", "partitioned"),
                "JavaNetCookieJar, the only jar it comes with, over java.net.CookieManager. Its HTTP code reads and "
                        + "writes UTF-8: other octets are unsupported. Max-Age becomes a time of expiry as it is read; "
                        + "without Path, the default path is reported. Public suffixes as it has them.");
        description.addProperty("claims", "rfc6265");
        Protocol.serve(description, Map.of(
                "parse.set-cookie", OkHttp::parseSetCookie,
                "jar", Jar.of(config -> new Store())));
    }

    private static JsonElement parseSetCookie(JsonObject in) {
        Long now = Protocol.number(in, "now");
        if (now != null) {
            Clock.set(now);
        }
        String uri = Protocol.text(in, "uri");
        HttpUrl url = url(uri == null ? "https://site.example/" : uri);
        Cookie cookie = Cookie.parse(url, Octets.decode(Protocol.text(in, "set_cookie")));
        return Protocol.object("cookie", cookie == null ? null : parsed(cookie));
    }

    private static JsonObject parsed(Cookie cookie) {
        return Protocol.object(
                "name", Octets.encode(cookie.name()),
                "value", Octets.encode(cookie.value()),
                "domain", cookie.hostOnly() ? null : Octets.encode(cookie.domain()),
                "path", Octets.encode(cookie.path()),
                "expires", cookie.persistent() ? Math.floorDiv(cookie.expiresAt(), 1000L) : null,
                "secure", cookie.secure(),
                "http_only", cookie.httpOnly(),
                "same_site", Octets.encode(cookie.sameSite()));
    }

    private static final class Store implements Jar.Store {
        private final JavaNetCookieJar jar = new JavaNetCookieJar(new CookieManager());

        @Override
        public void receive(String uri, List<String> lines) {
            Headers.Builder headers = new Headers.Builder();
            lines.forEach(line -> headers.addUnsafeNonAscii("Set-Cookie", Octets.decode(line)));
            HttpUrl url = url(uri);
            List<Cookie> cookies = Cookie.parseAll(url, headers.build());
            if (!cookies.isEmpty()) {
                jar.saveFromResponse(url, cookies);
            }
        }

        @Override
        public String send(String uri) {
            List<Cookie> cookies = jar.loadForRequest(url(uri));
            if (cookies.isEmpty()) {
                return null;
            }
            String header = cookies.stream()
                    .map(cookie -> cookie.name() + "=" + cookie.value())
                    .collect(Collectors.joining("; "));
            return Octets.encode(header);
        }
    }

    private static HttpUrl url(String uri) {
        HttpUrl url = HttpUrl.parse(Octets.decode(uri));
        if (url == null) {
            throw new Protocol.Unsupported("uri");
        }
        return url;
    }
}

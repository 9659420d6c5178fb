import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.undertow.Version;
import io.undertow.server.CookieStore;
import io.undertow.server.handlers.Cookie;
import io.undertow.util.Cookies;
import java.io.IOException;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.xnio.OptionMap;

/** Undertow: the parsers of its class Cookies. */
final class Undertow {
    public static void main(String[] arguments) throws IOException {
        JsonObject description = Protocol.description(
                "undertow",
                Version.getVersionString(),
                "https://undertow.io/",
                List.of("parse.set-cookie", "parse.cookie"),
                List.of("partitioned"),
                "Cookies.parseSetCookieHeader, and parseRequestCookies with the server's defaults. An "
                        + "IllegalArgumentException is reported as a rejection.");
        Protocol.serve(description, Map.of(
                "parse.set-cookie", Undertow::parseSetCookie,
                "parse.cookie", Undertow::parseCookie));
    }

    private static JsonElement parseSetCookie(JsonObject in) {
        try {
            Cookie cookie = Cookies.parseSetCookieHeader(Protocol.text(in, "set_cookie"));
            return Protocol.object("cookie", cookie == null ? null : parsed(cookie));
        } catch (IllegalArgumentException rejected) {
            return Protocol.object("cookie", null);
        }
    }

    private static JsonObject parsed(Cookie cookie) {
        Date expires = cookie.getExpires();
        return Protocol.object(
                "name", cookie.getName(),
                "value", cookie.getValue(),
                "domain", cookie.getDomain(),
                "path", cookie.getPath(),
                "expires", expires == null ? null : Math.floorDiv(expires.getTime(), 1000L),
                // As in the Servlet API, -1 is no Max-Age.
                "max_age", cookie.getMaxAge() == -1 ? null : cookie.getMaxAge(),
                "secure", cookie.isSecure(),
                "http_only", cookie.isHttpOnly(),
                "same_site", cookie.getSameSiteMode());
    }

    private static JsonElement parseCookie(JsonObject in) {
        CookieStore cookies = new CookieStore();
        try {
            Cookies.parseRequestCookies(Protocol.texts(in, "cookie"), cookies, OptionMap.EMPTY);
        } catch (IllegalArgumentException rejected) {
            return Protocol.object("pairs", new JsonArray());
        }
        JsonArray pairs = new JsonArray();
        cookies.forEach(cookie -> pairs.add(Protocol.array(List.of(cookie.getName(), cookie.getValue()))));
        return Protocol.object("pairs", pairs);
    }
}

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.netty.handler.codec.http.cookie.ClientCookieDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.CookieHeaderNames.SameSite;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.netty.handler.codec.http.cookie.ServerCookieEncoder;
import io.netty.util.Version;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Netty: the cookie decoders and the encoder of netty-codec-http. */
final class Netty {
    public static void main(String[] arguments) throws IOException {
        JsonObject description = Protocol.description(
                "netty",
                Version.identify().get("netty-codec-http").artifactVersion(),
                "https://netty.io/",
                List.of("parse.set-cookie", "parse.cookie", "format.set-cookie"),
                List.of("expires"),
                "Its STRICT decoders and encoder. Expires becomes a Max-Age as it is read; the encoder takes none, and "
                        + "writes one beside Max-Age. An IllegalArgumentException is reported as a refusal.");
        description.addProperty("claims", "rfc6265");
        // The encoder writes the present time into Expires; this way it writes the same each time.
        Clock.set(0);
        Protocol.serve(description, Map.of(
                "parse.set-cookie", Netty::parseSetCookie,
                "parse.cookie", Netty::parseCookie,
                "format.set-cookie", Netty::formatSetCookie));
    }

    private static JsonElement parseSetCookie(JsonObject in) {
        Cookie cookie = ClientCookieDecoder.STRICT.decode(Protocol.text(in, "set_cookie"));
        return Protocol.object("cookie", cookie == null ? null : parsed((DefaultCookie) cookie));
    }

    private static JsonObject parsed(DefaultCookie cookie) {
        return Protocol.object(
                "name", cookie.name(),
                "value", cookie.value(),
                "domain", cookie.domain(),
                "path", cookie.path(),
                "max_age", cookie.maxAge() == Cookie.UNDEFINED_MAX_AGE ? null : cookie.maxAge(),
                "secure", cookie.isSecure(),
                "http_only", cookie.isHttpOnly(),
                "same_site", cookie.sameSite(),
                "partitioned", cookie.isPartitioned());
    }

    private static JsonElement parseCookie(JsonObject in) {
        JsonArray pairs = new JsonArray();
        for (String line : Protocol.texts(in, "cookie")) {
            ServerCookieDecoder.STRICT
                    .decodeAll(line)
                    .forEach(cookie -> pairs.add(Protocol.array(List.of(cookie.name(), cookie.value()))));
        }
        return Protocol.object("pairs", pairs);
    }

    private static JsonElement formatSetCookie(JsonObject in) {
        if (Protocol.number(in, "expires") != null) {
            throw new Protocol.Unsupported("expires");
        }
        SameSite sameSite = sameSite(Protocol.text(in, "same_site"));
        Long maxAge = Protocol.number(in, "max_age");
        try {
            DefaultCookie cookie = new DefaultCookie(Protocol.text(in, "name"), Protocol.text(in, "value"));
            cookie.setDomain(Protocol.text(in, "domain"));
            cookie.setPath(Protocol.text(in, "path"));
            cookie.setMaxAge(maxAge == null ? Cookie.UNDEFINED_MAX_AGE : maxAge);
            cookie.setSecure(Protocol.flag(in, "secure"));
            cookie.setHttpOnly(Protocol.flag(in, "http_only"));
            cookie.setSameSite(sameSite);
            cookie.setPartitioned(Protocol.flag(in, "partitioned"));
            return Protocol.object("set_cookie", ServerCookieEncoder.STRICT.encode(cookie));
        } catch (IllegalArgumentException refused) {
            return Protocol.object("set_cookie", null);
        }
    }

    private static SameSite sameSite(String asked) {
        if (asked == null) {
            return null;
        }
        return Arrays.stream(SameSite.values())
                .filter(value -> value.name().equals(asked))
                .findAny()
                .orElseThrow(() -> new Protocol.Unsupported("same_site"));
    }
}

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.catalina.util.ServerInfo;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.http.Rfc6265CookieProcessor;
import org.apache.tomcat.util.http.ServerCookie;
import org.apache.tomcat.util.http.ServerCookies;

/** Tomcat: its Rfc6265CookieProcessor. */
final class Tomcat {
    private static final Rfc6265CookieProcessor PROCESSOR = new Rfc6265CookieProcessor();

    public static void main(String[] arguments) throws IOException {
        JsonObject description = Protocol.description(
                "tomcat",
                ServerInfo.getServerNumber(),
                "https://tomcat.apache.org/",
                List.of("parse.cookie", "format.set-cookie"),
                List.of(),
                "Rfc6265CookieProcessor with its defaults. It writes Set-Cookie in UTF-8: other octets are unsupported. "
                        + "The Servlet API has no Expires; one is written beside Max-Age. An IllegalArgumentException "
                        + "is reported as a refusal.");
        description.addProperty("claims", "rfc6265");
        // The processor writes the present time into Expires; this way it writes the same each time.
        Clock.set(0);
        Protocol.serve(description, Map.of(
                "parse.cookie", Tomcat::parseCookie,
                "format.set-cookie", Tomcat::formatSetCookie));
    }

    private static JsonElement parseCookie(JsonObject in) {
        MimeHeaders headers = new MimeHeaders();
        for (String line : Protocol.texts(in, "cookie")) {
            byte[] octets = line.getBytes(StandardCharsets.ISO_8859_1);
            headers.addValue("Cookie").setBytes(octets, 0, octets.length);
        }
        ServerCookies cookies = new ServerCookies(4);
        PROCESSOR.parseCookieHeader(headers, cookies);
        JsonArray pairs = new JsonArray();
        for (int i = 0; i < cookies.getCookieCount(); i++) {
            ServerCookie cookie = cookies.getCookie(i);
            pairs.add(Protocol.array(List.of(octets(cookie.getName()), octets(cookie.getValue()))));
        }
        return Protocol.object("pairs", pairs);
    }

    private static String octets(MessageBytes bytes) {
        bytes.toBytes();
        ByteChunk chunk = bytes.getByteChunk();
        return new String(chunk.getBytes(), chunk.getStart(), chunk.getLength(), StandardCharsets.ISO_8859_1);
    }

    private static JsonElement formatSetCookie(JsonObject in) {
        if (Protocol.number(in, "expires") != null) {
            throw new Protocol.Unsupported("expires");
        }
        Long maxAge = Protocol.number(in, "max_age");
        if (maxAge != null && maxAge != maxAge.intValue()) {
            throw new Protocol.Unsupported("max_age");
        }
        String name = Octets.decode(Protocol.text(in, "name"));
        String value = Octets.decode(Protocol.text(in, "value"));
        String domain = Octets.decode(Protocol.text(in, "domain"));
        String path = Octets.decode(Protocol.text(in, "path"));
        try {
            Cookie cookie = new Cookie(name, value);
            if (domain != null) {
                cookie.setDomain(domain);
            }
            cookie.setPath(path);
            if (maxAge != null) {
                cookie.setMaxAge(maxAge.intValue());
            }
            cookie.setSecure(Protocol.flag(in, "secure"));
            cookie.setHttpOnly(Protocol.flag(in, "http_only"));
            cookie.setAttribute("SameSite", Protocol.text(in, "same_site"));
            if (Protocol.flag(in, "partitioned")) {
                cookie.setAttribute("Partitioned", "");
            }
            return Protocol.object("set_cookie", Octets.encode(PROCESSOR.generateHeader(cookie, null)));
        } catch (IllegalArgumentException refused) {
            return Protocol.object("set_cookie", null);
        }
    }
}

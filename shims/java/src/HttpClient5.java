import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.cookie.Cookie;
import org.apache.hc.client5.http.cookie.CookieOrigin;
import org.apache.hc.client5.http.cookie.CookieSpec;
import org.apache.hc.client5.http.cookie.CookieSpecFactory;
import org.apache.hc.client5.http.cookie.MalformedCookieException;
import org.apache.hc.client5.http.cookie.StandardCookieSpec;
import org.apache.hc.client5.http.impl.CookieSpecSupport;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.protocol.RequestAddCookies;
import org.apache.hc.client5.http.protocol.ResponseProcessCookies;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.Lookup;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.util.VersionInfo;

/** Apache HttpClient 5: its cookie specification, and the interceptors and the store of a client. */
final class HttpClient5 {
    public static void main(String[] arguments) throws IOException {
        String version = VersionInfo.loadVersionInfo(
                        "org.apache.hc.client5", HttpClient5.class.getClassLoader())
                .getRelease();
        JsonObject description = Protocol.description(
                "httpclient5",
                version,
                "https://hc.apache.org/httpcomponents-client-5.6.x/",
                Clock.abilities("parse.set-cookie", "jar", "secure", "public-suffix"),
                List.of("max_age", "partitioned"),
                "The default specification, RELAXED, in the interceptors and the BasicCookieStore of a client. Max-Age "
                        + "becomes a time of expiry as it is read. A MalformedCookieException is reported as a "
                        + "rejection. Public suffixes as it has them unless a case gives some.");
        description.addProperty("claims", "rfc6265");
        Protocol.serve(description, Map.of(
                "parse.set-cookie", HttpClient5::parseSetCookie,
                "jar", Jar.of(config -> new Store(suffixes(config)))));
    }

    private static JsonElement parseSetCookie(JsonObject in) {
        Long now = Protocol.number(in, "now");
        if (now != null) {
            Clock.set(now);
        }
        String uri = Protocol.text(in, "uri");
        URI from = JavaNet.uri(uri == null ? "https://site.example/" : uri);
        CookieOrigin origin = new CookieOrigin(from.getHost(), port(from), from.getPath(), isSecure(from));
        CookieSpec specification = CookieSpecSupport.createDefault(PublicSuffixMatcherLoader.getDefault())
                .lookup(StandardCookieSpec.RELAXED)
                .create(HttpClientContext.create());
        try {
            Header header = new BasicHeader("Set-Cookie", Protocol.text(in, "set_cookie"));
            List<Cookie> cookies = specification.parse(header, origin);
            return Protocol.object("cookie", cookies.isEmpty() ? null : parsed(cookies.get(0)));
        } catch (MalformedCookieException rejected) {
            return Protocol.object("cookie", null);
        }
    }

    /** The attributes; domain and path of the origin stand in for those that are not there. */
    private static JsonObject parsed(Cookie cookie) {
        return Protocol.object(
                "name", cookie.getName(),
                "value", cookie.getValue(),
                "domain", cookie.containsAttribute(Cookie.DOMAIN_ATTR) ? cookie.getDomain() : null,
                "path", cookie.containsAttribute(Cookie.PATH_ATTR) ? cookie.getPath() : null,
                "expires", cookie.getExpiryInstant() == null ? null : cookie.getExpiryInstant().getEpochSecond(),
                "secure", cookie.isSecure(),
                "http_only", cookie.isHttpOnly(),
                "same_site", cookie.getAttribute("samesite"));
    }

    private static PublicSuffixMatcher suffixes(JsonObject config) {
        if (!config.has("public_suffixes")) {
            return PublicSuffixMatcherLoader.getDefault();
        }
        if (config.get("public_suffixes").isJsonNull()) {
            return null;
        }
        List<String> rules = new ArrayList<>();
        List<String> exceptions = new ArrayList<>();
        for (String rule : Protocol.texts(config, "public_suffixes")) {
            if (rule.startsWith("!")) {
                exceptions.add(rule.substring(1));
            } else {
                rules.add(rule);
            }
        }
        return new PublicSuffixMatcher(rules, exceptions);
    }

    private static final class Store implements Jar.Store {
        private final BasicCookieStore store = new BasicCookieStore();
        private final Lookup<CookieSpecFactory> specifications;

        Store(PublicSuffixMatcher suffixes) {
            specifications = CookieSpecSupport.createDefault(suffixes);
        }

        @Override
        public void receive(String uri, List<String> lines) throws HttpException, IOException {
            HttpClientContext context = context(JavaNet.uri(uri));
            request(uri, context);
            BasicHttpResponse response = new BasicHttpResponse(200);
            lines.forEach(line -> response.addHeader("Set-Cookie", line));
            ResponseProcessCookies.INSTANCE.process(response, null, context);
        }

        @Override
        public String send(String uri) throws HttpException, IOException {
            Header[] fields = request(uri, context(JavaNet.uri(uri))).getHeaders("Cookie");
            return fields.length == 0 ? null : fields[0].getValue();
        }

        private HttpClientContext context(URI uri) {
            HttpClientContext context = HttpClientContext.create();
            context.setCookieStore(store);
            context.setCookieSpecRegistry(specifications);
            HttpHost host = new HttpHost(uri.getScheme(), uri.getHost(), port(uri));
            context.setRoute(new HttpRoute(host, null, isSecure(uri)));
            return context;
        }

        private HttpRequest request(String uri, HttpClientContext context) throws HttpException, IOException {
            HttpRequest request = new BasicHttpRequest("GET", JavaNet.uri(uri));
            RequestAddCookies.INSTANCE.process(request, null, context);
            return request;
        }
    }

    private static boolean isSecure(URI uri) {
        return uri.getScheme().equalsIgnoreCase("https");
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : isSecure(uri) ? 443 : 80;
    }
}

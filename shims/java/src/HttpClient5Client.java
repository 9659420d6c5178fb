import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.VersionInfo;

/** Apache HttpClient with its default cookie specification and store, on the network. */
final class HttpClient5Client {
    public static void main(String[] arguments) throws IOException {
        VersionInfo version =
                VersionInfo.loadVersionInfo("org.apache.hc.client5", HttpClient5Client.class.getClassLoader());
        JsonObject description = Protocol.description(
                "httpclient5",
                version.getRelease(),
                "https://hc.apache.org/httpcomponents-client-5.5.x/",
                List.of("navigate", "agent.clear", "public-suffix"),
                List.of(),
                "A client of HttpClientBuilder with a BasicCookieStore.");
        Protocol.serve(description, Agent.operations(Client::new));
    }

    private static final class Client implements Agent.Client {
        private final CloseableHttpClient client;

        Client(Agent.Network network) {
            client = HttpClientBuilder.create()
                    .setDefaultCookieStore(new BasicCookieStore())
                    .setProxy(new HttpHost("http", network.proxy().getAddress(), network.proxy().getPort()))
                    .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                            .setTlsSocketStrategy(new DefaultClientTlsStrategy(network.tls()))
                            .build())
                    .disableAutomaticRetries()
                    .build();
        }

        @Override
        public void request(String method, String uri, Map<String, String> headers, int follow) throws Exception {
            try {
                HttpUriRequestBase request = new HttpUriRequestBase(method, java.net.URI.create(uri));
                request.setConfig(RequestConfig.custom()
                        .setRedirectsEnabled(follow > 0)
                        .setCircularRedirectsAllowed(true)
                        .setMaxRedirects(follow)
                        .build());
                headers.forEach(request::setHeader);
                client.execute(request, response -> {
                    EntityUtils.consume(response.getEntity());
                    return null;
                });
            } catch (IOException | IllegalArgumentException error) {
                throw new Agent.Refused(error);
            }
        }
    }
}

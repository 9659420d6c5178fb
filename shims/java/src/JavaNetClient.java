import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;

/** The two HTTP clients of the JDK with its CookieManager, on the network: HttpClient and HttpURLConnection. */
final class JavaNetClient {
    public static void main(String[] arguments) throws IOException {
        // Whether a field may be given that the clients keep for themselves is decided before they start.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection");
        boolean isOld = arguments[0].equals("HttpURLConnection");
        JsonObject description = Protocol.description(
                "java." + (isOld ? "net.HttpURLConnection" : "net.http.HttpClient"),
                System.getProperty("java.version"),
                "https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/net/CookieManager.html",
                List.of("navigate", "agent.clear"),
                List.of(),
                "With a CookieManager of the JDK. No public suffix list.");
        Protocol.serve(description, Agent.operations(isOld ? Connections::new : Current::new));
    }

    private static final class Current implements Agent.Client {
        private final HttpClient direct;
        private final HttpClient following;

        Current(Agent.Network network) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .cookieHandler(new CookieManager())
                    .proxy(ProxySelector.of(network.proxy()))
                    .sslContext(network.tls())
                    .version(HttpClient.Version.HTTP_1_1);
            direct = builder.followRedirects(HttpClient.Redirect.NEVER).build();
            following = builder.followRedirects(HttpClient.Redirect.ALWAYS).build();
        }

        @Override
        public void request(String method, String uri, Map<String, String> headers, int follow) throws Exception {
            try {
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri))
                        .method(method, HttpRequest.BodyPublishers.noBody());
                headers.forEach(request::header);
                (follow > 0 ? following : direct).send(request.build(), HttpResponse.BodyHandlers.discarding());
            } catch (IOException | IllegalArgumentException error) {
                throw new Agent.Refused(error);
            }
        }
    }

    private static final class Connections implements Agent.Client {
        private final Agent.Network network;

        Connections(Agent.Network network) {
            this.network = network;
            CookieHandler.setDefault(new CookieManager());
        }

        @Override
        public void request(String method, String uri, Map<String, String> headers, int follow) throws Exception {
            try {
                Proxy proxy = new Proxy(Proxy.Type.HTTP, network.proxy());
                HttpURLConnection connection =
                        (HttpURLConnection) URI.create(uri).toURL().openConnection(proxy);
                if (connection instanceof HttpsURLConnection secure) {
                    secure.setSSLSocketFactory(network.tls().getSocketFactory());
                }
                connection.setInstanceFollowRedirects(follow > 0);
                connection.setRequestMethod(method);
                headers.forEach(connection::setRequestProperty);
                // The response code comes first: a response that is no success has another stream.
                boolean isSuccess = connection.getResponseCode() < HttpURLConnection.HTTP_BAD_REQUEST;
                try (InputStream body = isSuccess ? connection.getInputStream() : connection.getErrorStream()) {
                    if (body != null) {
                        body.readAllBytes();
                    }
                }
            } catch (IOException | IllegalArgumentException error) {
                throw new Agent.Refused(error);
            }
        }
    }
}

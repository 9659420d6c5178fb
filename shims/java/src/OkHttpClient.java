import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.CookieManager;
import java.net.Proxy;
import java.util.List;
import java.util.Map;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.java.net.cookiejar.JavaNetCookieJar;

/** OkHttp's OkHttpClient with JavaNetCookieJar over the CookieManager of the JDK, on the network. */
final class OkHttpClient {
    public static void main(String[] arguments) throws IOException {
        JsonObject description = Protocol.description(
                "okhttp",
                okhttp3.OkHttp.VERSION,
                "https://square.github.io/okhttp/",
                List.of("navigate", "agent.clear", "public-suffix"),
                List.of(),
                "With JavaNetCookieJar, the only jar it comes with, over java.net.CookieManager.");
        Protocol.serve(description, Agent.operations(Client::new));
    }

    private static final class Client implements Agent.Client {
        private final okhttp3.OkHttpClient client;

        Client(Agent.Network network) {
            client = new okhttp3.OkHttpClient.Builder()
                    .cookieJar(new JavaNetCookieJar(new CookieManager()))
                    .proxy(new Proxy(Proxy.Type.HTTP, network.proxy()))
                    .sslSocketFactory(network.tls().getSocketFactory(), network.trust())
                    .protocols(List.of(okhttp3.Protocol.HTTP_1_1))
                    .build();
        }

        @Override
        public void request(String method, String uri, Map<String, String> headers, int follow) throws Exception {
            okhttp3.OkHttpClient client = this.client.newBuilder()
                    .followRedirects(follow > 0)
                    .followSslRedirects(follow > 0)
                    .build();
            boolean hasBody = !method.equals("GET") && !method.equals("HEAD");
            try {
                Request.Builder request =
                        new Request.Builder().url(uri).method(method, hasBody ? RequestBody.create(new byte[0]) : null);
                headers.forEach(request::header);
                try (Response response = client.newCall(request.build()).execute()) {
                    response.body().bytes();
                }
            } catch (IOException | IllegalArgumentException error) {
                throw new Agent.Refused(error);
            }
        }
    }
}

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What the shims of HTTP clients share: the operations by which a client is taken through a walk.
 *
 * <p>A client is made with an empty cookie store. It throws {@link Refused} where its HTTP layer refuses a request or
 * a response; whatever else it throws is a failure.
 */
final class Agent {
    interface Client {
        /** Makes a request, and returns when the last response is there. */
        void request(String method, String uri, Map<String, String> headers, int follow) throws Exception;
    }

    interface Maker {
        Client make(Network network) throws Exception;
    }

    /** The HTTP layer refuses a request or a response. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(Exception why) {
            super(why.toString(), why);
        }
    }

    /** How a client reaches the origins. */
    record Network(InetSocketAddress proxy, X509TrustManager trust, SSLContext tls) {}

    private final Maker maker;
    private Network network;
    private Client client;

    private Agent(Maker maker) {
        this.maker = maker;
    }

    static Map<String, Protocol.Operation> operations(Maker maker) {
        Agent agent = new Agent(maker);
        return Map.of("agent.start", agent::start, "agent.clear", agent::clear, "navigate", agent::navigate);
    }

    private JsonElement start(JsonObject in) throws Exception {
        URI proxy = URI.create(Protocol.text(in, "proxy"));
        X509TrustManager trust = trust(Path.of(Protocol.text(in, "ca")));
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new X509TrustManager[] {trust}, null);
        network = new Network(new InetSocketAddress(proxy.getHost(), proxy.getPort()), trust, tls);
        return clear(in);
    }

    private JsonElement clear(JsonObject in) throws Exception {
        client = maker.make(network);
        return new JsonObject();
    }

    private JsonElement navigate(JsonObject in) throws Exception {
        Map<String, String> headers = new LinkedHashMap<>();
        in.getAsJsonArray("headers").forEach(field -> headers.put(
                field.getAsJsonArray().get(0).getAsString(),
                field.getAsJsonArray().get(1).getAsString()));
        int follow = Protocol.number(in, "follow").intValue();
        try {
            client.request(Protocol.text(in, "method"), Protocol.text(in, "uri"), headers, follow);
            return new JsonObject();
        } catch (Refused refused) {
            return Protocol.object("refused", refused.getMessage());
        }
    }

    private static X509TrustManager trust(Path pem) throws IOException, GeneralSecurityException {
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        try (InputStream file = Files.newInputStream(pem)) {
            authorities.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }
}

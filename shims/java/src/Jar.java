import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/** The operation {@code jar}: a program for a cookie store that is made for it. */
final class Jar {
    /** A cookie store behind its library's client code. */
    interface Store {
        /** The Set-Cookie field lines of a response. */
        void receive(String uri, List<String> lines) throws Exception;

        /** The Cookie field of a request; null where it has none. */
        String send(String uri) throws Exception;
    }

    interface Maker {
        Store make(JsonObject config) throws Exception;
    }

    private Jar() {}

    /** The operation for stores that are told a URI and nothing else. */
    static Protocol.Operation of(Maker maker) {
        return in -> {
            Clock.set(in.get("now").getAsLong());
            JsonObject config = in.has("config") ? in.getAsJsonObject("config") : new JsonObject();
            Store store = maker.make(config);
            JsonObject observations = new JsonObject();
            for (JsonElement step : in.getAsJsonArray("steps")) {
                perform(store, step.getAsJsonObject(), observations);
            }
            return Protocol.object("obs", observations);
        };
    }

    private static void perform(Store store, JsonObject step, JsonObject observations) throws Exception {
        String what = step.get("do").getAsString();
        if (what.startsWith("script")) {
            throw new Protocol.Unsupported("script");
        }
        if (step.has("context")) {
            JsonObject context = step.getAsJsonObject("context");
            if ("script".equals(Protocol.text(context, "api"))) {
                throw new Protocol.Unsupported("script");
            }
            if (context.has("same_site") && !Protocol.flag(context, "same_site")) {
                throw new Protocol.Unsupported("same-site");
            }
        }
        switch (what) {
            case "receive" -> store.receive(Protocol.text(step, "uri"), Protocol.texts(step, "set_cookie"));
            case "send" -> {
                String header = store.send(Protocol.text(step, "uri"));
                observations.add(step.get("at").getAsString(), Protocol.object("header", header));
            }
            case "advance" -> {
                if (!Clock.isThere()) {
                    throw new Protocol.Unsupported("clock");
                }
                Clock.set(Clock.now() + step.get("secs").getAsLong());
            }
            default -> throw new Protocol.Unsupported(what);
        }
    }
}

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The shim protocol on stdin and stdout: one JSON object per line.
 *
 * <p>A shim calls {@link #serve} with its description and its operations. An operation takes the {@code in} member of
 * a request and returns the {@code ok} member of the answer. It throws {@link Unsupported} for what the library lacks;
 * whatever else it throws is reported as {@code error}.
 *
 * <p>Strings that stand for octets have one char U+0000 to U+00FF for each, as header fields have in most of Java.
 */
final class Protocol {
    private static final int PROTOCOL = 1;
    private static final int WINDOW = 64;
    private static final int BATCH = 256;
    private static final int BLOCK = 1 << 16;

    /** The protocol's integers stay below 2^53 on either side of zero. */
    private static final long MAX_INTEGER = (1L << 53) - 1;

    private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    interface Operation {
        JsonElement perform(JsonObject in) throws Exception;
    }

    /** The library has no such operation or ability. */
    static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unsupported(String need) {
            super(need);
        }
    }

    private final JsonObject description;
    private final Map<String, Operation> operations;

    private Protocol(JsonObject description, Map<String, Operation> operations) {
        this.description = description;
        this.operations = new TreeMap<>(operations);
        this.operations.put("hello", this::hello);
        this.operations.put("echo", in -> object("data", in.get("data")));
        this.operations.put("batch", this::batch);
    }

    /**
     * What {@code hello} says.
     *
     * @param can the operations and abilities
     * @param blind what cannot be observed
     */
    static JsonObject description(
            String name, String version, String source, List<String> can, List<String> blind, String notes) {
        JsonObject description = object("shim", "java-" + name + "/1", "can", array(can), "blind", array(blind));
        description.add("impl", object("name", name, "version", version, "language", "java", "source", source));
        description.addProperty("notes", notes);
        return description;
    }

    /** Answers requests until stdin ends or {@code bye} arrives. */
    static void serve(JsonObject description, Map<String, Operation> operations) throws IOException {
        OutputStream answers = System.out;
        // stdout carries the protocol only; what a library prints is a remark for the report.
        System.setOut(System.err);
        System.exit(new Protocol(description, operations).serve(System.in, answers));
    }

    private int serve(InputStream requests, OutputStream answers) throws IOException {
        byte[] block = new byte[BLOCK];
        ByteArrayOutputStream unread = new ByteArrayOutputStream();
        int arrived;
        while ((arrived = requests.read(block)) >= 0) {
            ByteArrayOutputStream ready = new ByteArrayOutputStream();
            int begin = 0;
            // Every request that has arrived is answered before the next read.
            for (int at = 0; at < arrived; at++) {
                if (block[at] != '\n') {
                    continue;
                }
                unread.write(block, begin, at - begin);
                begin = at + 1;
                JsonObject request = parse(unread.toString(StandardCharsets.UTF_8));
                unread.reset();
                boolean isBye = request != null && request.get("op").getAsString().equals("bye");
                if (request == null || isBye) {
                    ready.writeTo(answers);
                    answers.flush();
                    return isBye ? 0 : 2;
                }
                ready.writeBytes(GSON.toJson(answer(request)).getBytes(StandardCharsets.UTF_8));
                ready.write('\n');
            }
            unread.write(block, begin, arrived - begin);
            ready.writeTo(answers);
            answers.flush();
        }
        return 0;
    }

    /** The request on a line; null, and a remark on stderr, where there is none to be answered. */
    private static JsonObject parse(String line) {
        try {
            JsonObject request = GSON.fromJson(line, JsonObject.class);
            if (request != null && request.has("id") && request.has("op")) {
                return request;
            }
        } catch (JsonParseException error) {
            // Told below.
        }
        System.err.println("not a request with `id` and `op`: " + line.substring(0, Math.min(line.length(), 200)));
        return null;
    }

    private JsonObject answer(JsonObject request) {
        JsonObject answer = new JsonObject();
        if (request.has("id")) {
            answer.add("id", request.get("id"));
        }
        try {
            Operation operation = operations.get(request.get("op").getAsString());
            if (operation == null) {
                throw new Unsupported(request.get("op").getAsString());
            }
            answer.add("ok", operation.perform(request.getAsJsonObject("in")));
        } catch (Unsupported lacking) {
            answer.add("unsupported", object("need", lacking.getMessage()));
        } catch (Exception | StackOverflowError error) {
            answer.add("error", object("message", error.toString()));
        }
        return answer;
    }

    private JsonObject hello(JsonObject in) {
        if (!in.getAsJsonArray("protocol").contains(new JsonPrimitive(PROTOCOL))) {
            throw new Unsupported("protocol");
        }
        JsonObject answer = object("protocol", PROTOCOL, "window", WINDOW, "batch", BATCH);
        description.entrySet().forEach(member -> answer.add(member.getKey(), member.getValue()));
        return answer;
    }

    private JsonObject batch(JsonObject in) {
        JsonArray results = new JsonArray();
        in.getAsJsonArray("cases").forEach(request -> results.add(answer(request.getAsJsonObject())));
        return object("results", results);
    }

    /** An object of names and values in turn; see {@link #element}. */
    static JsonObject object(Object... members) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < members.length; i += 2) {
            object.add((String) members[i], element(members[i + 1]));
        }
        return object;
    }

    static JsonArray array(List<?> values) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(element(value)));
        return array;
    }

    /** JSON for what an answer is made of; numbers are brought into the range of the protocol. */
    private static JsonElement element(Object value) {
        if (value == null) {
            return JsonNull.INSTANCE;
        } else if (value instanceof JsonElement element) {
            return element;
        } else if (value instanceof Boolean flag) {
            return new JsonPrimitive(flag);
        } else if (value instanceof Number number) {
            return new JsonPrimitive(Math.max(-MAX_INTEGER, Math.min(number.longValue(), MAX_INTEGER)));
        }
        return new JsonPrimitive(value.toString());
    }

    /** A member of {@code in} that is a string; null where it is absent. */
    static String text(JsonObject in, String member) {
        return isAbsent(in, member) ? null : in.get(member).getAsString();
    }

    /** A member of {@code in} that is an integer; null where it is absent. */
    static Long number(JsonObject in, String member) {
        return isAbsent(in, member) ? null : (Long) in.get(member).getAsLong();
    }

    static boolean flag(JsonObject in, String member) {
        return !isAbsent(in, member) && in.get(member).getAsBoolean();
    }

    static List<String> texts(JsonObject in, String member) {
        return in.getAsJsonArray(member).asList().stream().map(JsonElement::getAsString).toList();
    }

    private static boolean isAbsent(JsonObject in, String member) {
        return !in.has(member) || in.get(member).isJsonNull();
    }
}

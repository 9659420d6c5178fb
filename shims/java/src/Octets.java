import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Octets for libraries whose HTTP code takes header fields for UTF-8. */
final class Octets {
    private Octets() {}

    /** The text that such a library sees; unsupported where the octets are none. */
    static String decode(String octets) {
        if (octets == null) {
            return null;
        }
        byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException error) {
            throw new Protocol.Unsupported("octets");
        }
    }

    /** The octets that such a library writes. */
    static String encode(String text) {
        return text == null ? null : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}

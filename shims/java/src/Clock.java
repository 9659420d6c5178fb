import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The wall clock of this process, where {@code clock/run.sh} has put one that can be set. */
final class Clock {
    private static final LongBuffer WALL = open(System.getenv("COOKIESPEC_CLOCK"));

    private Clock() {}

    private static LongBuffer open(String file) {
        if (file == null) {
            return null;
        }
        try (FileChannel channel =
                FileChannel.open(Path.of(file), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, 2 * Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asLongBuffer();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    static boolean isThere() {
        return WALL != null;
    }

    /** These abilities, and {@code clock} where it can be set. */
    static List<String> abilities(String... can) {
        return Stream.concat(Stream.of(can), Stream.of("clock").filter(clock -> isThere()))
                .toList();
    }

    /** Sets the clock, in Unix seconds; does nothing where it is the real one. */
    static void set(long now) {
        if (isThere()) {
            WALL.put(1, now);
            WALL.put(0, 1);
        }
    }

    /** The time it stands at, in Unix seconds. */
    static long now() {
        return WALL.get(1);
    }
}

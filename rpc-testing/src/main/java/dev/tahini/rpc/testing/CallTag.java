package dev.tahini.rpc.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.Pick;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster's client tells its backends of a call, in headers that no service sees.
 *
 * @param call its number, or null if the client told nothing
 */
record CallTag(@Nullable Long call, @Nullable String pick, @Nullable String key) {
  private static final Metadata.Key<String> CALL =
      Metadata.Key.of("tahini-test-call", Metadata.ASCII_STRING_MARSHALLER);
  // Binary: names and keys are the user's, in any alphabet.
  private static final Metadata.Key<byte[]> PICK =
      Metadata.Key.of("tahini-test-pick-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Metadata.Key<byte[]> KEY =
      Metadata.Key.of("tahini-test-key-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** Writes what a call asks for, over what an earlier use of the same headers has left. */
  static void write(long call, Pick pick, Metadata headers) {
    take(headers);
    headers.put(CALL, Long.toString(call));
    headers.put(PICK, pick.picker().getBytes(UTF_8));
    String key = pick.key();
    if (key != null) {
      headers.put(KEY, key.getBytes(UTF_8));
    }
  }

  /** Reads what the client told, and takes it out of the headers. */
  static CallTag take(Metadata headers) {
    String call = headers.get(CALL);
    CallTag tag =
        new CallTag(
            call == null ? null : Long.valueOf(call),
            text(headers.get(PICK)),
            text(headers.get(KEY)));
    headers.discardAll(CALL);
    headers.discardAll(PICK);
    headers.discardAll(KEY);
    return tag;
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }
}

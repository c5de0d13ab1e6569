package dev.tahini.rpc.benchmarks.shards;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tahini.rpc.benchmarks.harness.BenchmarkCall;
import io.grpc.CallOptions;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Keys of 16 bytes, always the same: the hex digits of random numbers, so that a header can carry
 * them. Confined to one thread.
 */
final class ShardKeys {
  private static final long SEED = 20;

  private final byte[][] keys;

  /** Calls about the keys, for contenders that take those; made when first asked for. */
  private final @Nullable BenchmarkCall[] calls;

  ShardKeys(int count) {
    SplittableRandom random = new SplittableRandom(SEED);
    keys = new byte[count][];
    for (int i = 0; i < count; i++) {
      keys[i] = HexFormat.of().toHexDigits(random.nextLong()).getBytes(ISO_8859_1);
    }
    calls = new BenchmarkCall[count];
  }

  int count() {
    return keys.length;
  }

  byte[] bytes(int key) {
    return keys[key];
  }

  /** A call that has the key in its header. */
  BenchmarkCall call(int key) {
    BenchmarkCall call = calls[key];
    if (call == null) {
      call = new BenchmarkCall(CallOptions.DEFAULT, new String(keys[key], ISO_8859_1));
      calls[key] = call;
    }
    return call;
  }
}

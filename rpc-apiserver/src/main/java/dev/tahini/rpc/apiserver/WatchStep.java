package dev.tahini.rpc.apiserver;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** What a watch does next. */
@FunctionalInterface
interface WatchStep {
  /** Writes; false if the stream ends with it. */
  boolean write(ResponseWriter out) throws IOException, InterruptedException;

  static WatchStep line(byte[] bytes) {
    return out -> {
      out.more(bytes);
      return true;
    };
  }

  static WatchStep end() {
    return out -> false;
  }

  /** The bytes, and then an RST. */
  static WatchStep cut(byte[] bytes) {
    return out -> {
      out.more(bytes);
      throw new ConnectionCut();
    };
  }

  /** The bytes, and then nothing more until the connection goes. */
  static WatchStep silence(byte[] bytes) {
    return out -> {
      if (bytes.length > 0) {
        out.more(bytes);
      }
      new CountDownLatch(1).await();
      return false;
    };
  }
}

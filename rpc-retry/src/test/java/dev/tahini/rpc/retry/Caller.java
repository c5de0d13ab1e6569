package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Notes what a call's caller hears; fails where that comes side by side, or after the end. */
final class Caller extends ClientCall.Listener<String> {
  final List<String> heard = new ArrayList<>();
  final List<Status> ends = new ArrayList<>();
  final List<Metadata> trailers = new ArrayList<>();
  private final AtomicBoolean isHearing = new AtomicBoolean();

  /** Run within {@link #onReady}. */
  Runnable whenReady = () -> {};

  /** The only end. */
  Status end() {
    assertEquals(1, ends.size(), ends.toString());
    return ends.get(0);
  }

  private void hear(String what, Runnable body) {
    if (!isHearing.compareAndSet(false, true)) {
      throw new AssertionError(what + " while another callback runs");
    }
    if (!ends.isEmpty()) {
      throw new AssertionError(what + " after the end " + ends);
    }
    heard.add(what);
    body.run();
    isHearing.set(false);
  }

  @Override
  public void onHeaders(Metadata headers) {
    hear("headers", () -> {});
  }

  @Override
  public void onMessage(String message) {
    hear("message " + message, () -> {});
  }

  @Override
  public void onReady() {
    hear("ready", whenReady);
  }

  @Override
  public void onClose(Status status, Metadata last) {
    hear(
        "close " + status.getCode(),
        () -> {
          ends.add(status);
          trailers.add(last);
        });
  }
}

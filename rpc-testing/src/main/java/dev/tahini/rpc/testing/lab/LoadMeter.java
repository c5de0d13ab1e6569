package dev.tahini.rpc.testing.lab;

/** How busy one server was while measuring. Told of every change of what it has in hand. */
final class LoadMeter {
  private boolean measuring;
  private int inService;
  private int inFlight;
  private int peakInFlight;
  private long busyNanos;
  private long sinceNanos;

  void begin(long nowNanos) {
    measuring = true;
    peakInFlight = inFlight;
    busyNanos = 0;
    sinceNanos = nowNanos;
  }

  void end(long nowNanos) {
    change(nowNanos, inService, inFlight);
    measuring = false;
  }

  /**
   * The server's load changes.
   *
   * @param nowInFlight in service and in its queue
   */
  void change(long nowNanos, int nowInService, int nowInFlight) {
    if (measuring) {
      busyNanos += inService * (nowNanos - sinceNanos);
      sinceNanos = nowNanos;
      peakInFlight = Math.max(peakInFlight, nowInFlight);
    }
    inService = nowInService;
    inFlight = nowInFlight;
  }

  int peakInFlight() {
    return peakInFlight;
  }

  /** Nanoseconds of service, summed over what was in service side by side. */
  long busyNanos() {
    return busyNanos;
  }
}

package dev.tahini.rpc.benchmarks.harness;

import io.grpc.ChannelLogger;

/** Policies write to the channel's trace, which is off by default. */
final class QuietLogger extends ChannelLogger {
  @Override
  public void log(ChannelLogLevel level, String message) {}

  @Override
  public void log(ChannelLogLevel level, String format, Object... args) {}
}

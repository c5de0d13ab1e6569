package dev.tahini.rpc.benchmarks.calls;

import dev.tahini.rpc.benchmarks.echo.v1.EchoGrpc;
import io.grpc.Channel;

/**
 * A client with every kind of stub.
 *
 * @param release closes what is below them
 */
public record EchoStubs(
    EchoGrpc.EchoBlockingStub blocking,
    EchoGrpc.EchoFutureStub future,
    EchoGrpc.EchoStub async,
    Runnable release)
    implements AutoCloseable {

  /** The stubs of a channel. */
  public static EchoStubs of(Channel channel, Runnable release) {
    return new EchoStubs(
        EchoGrpc.newBlockingStub(channel),
        EchoGrpc.newFutureStub(channel),
        EchoGrpc.newStub(channel),
        release);
  }

  /** The same stubs, whose end ends something else, too. */
  EchoStubs thenEnding(Runnable other) {
    return new EchoStubs(
        blocking,
        future,
        async,
        () -> {
          release.run();
          other.run();
        });
  }

  @Override
  public void close() {
    release.run();
  }
}

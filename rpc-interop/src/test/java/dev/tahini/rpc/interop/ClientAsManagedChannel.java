package dev.tahini.rpc.interop;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client in the shape that gRPC's suite wants. Its close, which waits for the calls in flight,
 * runs on a thread of its own: {@link #shutdown} must not block. Thread-safe.
 */
final class ClientAsManagedChannel extends ManagedChannel {
  private final RpcClient<?> client;
  private final Pick pick;
  private final AtomicBoolean shutdown = new AtomicBoolean();
  private final Thread closing;

  ClientAsManagedChannel(RpcClient<?> client, Pick pick) {
    this.client = client;
    this.pick = pick;
    this.closing = new Thread(client::close, "close " + client);
  }

  @Override
  public <A, B> ClientCall<A, B> newCall(MethodDescriptor<A, B> method, CallOptions options) {
    return client.channel().newCall(method, options.withOption(Pick.OPTION, pick));
  }

  @Override
  public String authority() {
    return client.channel().authority();
  }

  @Override
  public ManagedChannel shutdown() {
    if (shutdown.compareAndSet(false, true)) {
      closing.start();
    }
    return this;
  }

  /** A close that is interrupted cuts the calls in flight. */
  @Override
  public ManagedChannel shutdownNow() {
    shutdown();
    closing.interrupt();
    return this;
  }

  @Override
  public boolean isShutdown() {
    return shutdown.get();
  }

  @Override
  public boolean isTerminated() {
    return closing.getState() == Thread.State.TERMINATED;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    unit.timedJoin(closing, timeout);
    return isTerminated();
  }
}

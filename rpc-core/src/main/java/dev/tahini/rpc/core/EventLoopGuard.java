package dev.tahini.rpc.core;

import dev.tahini.rpc.TimeSource;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reports callbacks that block the event loop they run on. A callback notes in its thread's slot
 * that it runs; now and then somebody looks whether a slot has the same callback as the last time.
 * So the callback itself reads no clock and takes no lock, and one that never returns is found.
 */
final class EventLoopGuard implements ClientInterceptor, AutoCloseable {
  private final Set<Slot> slots = ConcurrentHashMap.newKeySet();
  private final ThreadLocal<Slot> ofThread = ThreadLocal.withInitial(this::newSlot);
  private final TimeSource time;
  private final Duration limit;
  private final BiConsumer<String, Throwable> report;
  private volatile @Nullable Future<?> nextLook;
  private volatile boolean closed;

  /**
   * A guard that does not look yet.
   *
   * @param limit how long a callback may take; one that takes twice as long is reported for sure
   * @param report hears of each callback once, with the stack of its thread
   */
  EventLoopGuard(TimeSource time, Duration limit, BiConsumer<String, Throwable> report) {
    this.time = time;
    this.limit = limit;
    this.report = report;
  }

  /** Looks from now on, until it is closed. */
  void start() {
    lookLater();
  }

  private Slot newSlot() {
    Slot slot = new Slot(Thread.currentThread());
    slots.add(slot);
    return slot;
  }

  /** What a thread runs. Written by that thread only, but for what the looks note. */
  private static final class Slot {
    private final WeakReference<Thread> thread;
    private volatile @Nullable MethodDescriptor<?, ?> running;
    private volatile long callbacks;
    private long seen;
    private long reported;

    Slot(Thread thread) {
      this.thread = new WeakReference<>(thread);
    }

    /** Begins a callback, maybe inside of another. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
    @Nullable MethodDescriptor<?, ?> enter(MethodDescriptor<?, ?> method) {
      MethodDescriptor<?, ?> outer = running;
      if (outer == null) {
        callbacks++;
        running = method;
      }
      return outer;
    }

    void exit(@Nullable MethodDescriptor<?, ?> outer) {
      if (outer == null) {
        running = null;
      }
    }
  }

  private void lookLater() {
    nextLook = time.scheduler().schedule(this::look, limit.toNanos(), TimeUnit.NANOSECONDS);
    if (closed) { // meanwhile
      close();
    }
  }

  private void look() {
    slots.removeIf(slot -> slot.thread.get() == null);
    slots.forEach(this::inspect);
    if (!closed) {
      lookLater();
    }
  }

  private void inspect(Slot slot) {
    long callbacks = slot.callbacks;
    MethodDescriptor<?, ?> running = slot.running;
    Thread thread = slot.thread.get();
    boolean isNews = callbacks == slot.seen && callbacks != slot.reported;
    slot.seen = callbacks;
    if (running != null && thread != null && isNews) {
      slot.reported = callbacks;
      Throwable where = new Throwable("where it is");
      where.setStackTrace(thread.getStackTrace());
      report.accept(
          "a callback of "
              + running.getFullMethodName()
              + " holds up gRPC's event loop "
              + thread.getName()
              + " and all its connections for "
              + limit
              + " or longer; one that may block needs an executor of its own",
          where);
    }
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<RespT> listener, Metadata headers) {
        super.start(new Watched<>(listener, method), headers);
      }
    };
  }

  private final class Watched<RespT> extends SimpleForwardingClientCallListener<RespT> {
    private final MethodDescriptor<?, ?> method;

    Watched(ClientCall.Listener<RespT> listener, MethodDescriptor<?, ?> method) {
      super(listener);
      this.method = method;
    }

    @Override
    public void onHeaders(Metadata headers) {
      Slot slot = ofThread.get();
      MethodDescriptor<?, ?> outer = slot.enter(method);
      try {
        super.onHeaders(headers);
      } finally {
        slot.exit(outer);
      }
    }

    @Override
    public void onMessage(RespT message) {
      Slot slot = ofThread.get();
      MethodDescriptor<?, ?> outer = slot.enter(method);
      try {
        super.onMessage(message);
      } finally {
        slot.exit(outer);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      Slot slot = ofThread.get();
      MethodDescriptor<?, ?> outer = slot.enter(method);
      try {
        super.onClose(status, trailers);
      } finally {
        slot.exit(outer);
      }
    }

    @Override
    public void onReady() {
      Slot slot = ofThread.get();
      MethodDescriptor<?, ?> outer = slot.enter(method);
      try {
        super.onReady();
      } finally {
        slot.exit(outer);
      }
    }
  }

  /** Looks no more. Idempotent. */
  @Override
  public void close() {
    closed = true;
    Future<?> next = nextLook;
    if (next != null) {
      next.cancel(false);
    }
  }
}

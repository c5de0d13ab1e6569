package dev.tahini.rpc.tests;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.tahini.rpc.tests.v1.AskRequest;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Says who it is, and ends its calls as they ask for. Never blocks; thread-safe. What hangs is kept
 * under the monitor of the queue and run outside of it.
 */
final class ProbeService extends ProbeGrpc.ProbeImplBase implements AutoCloseable {
  private final String name;
  private final Set<String> started = ConcurrentHashMap.newKeySet();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final Queue<Runnable> hanging = new ArrayDeque<>();
  private final ScheduledExecutorService delays;

  ProbeService(String name) {
    this.name = name;
    this.delays =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "probe-" + name);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** The ids of all calls that have arrived. */
  Set<String> started() {
    return Set.copyOf(started);
  }

  int hanging() {
    synchronized (hanging) {
      return hanging.size();
    }
  }

  /** How many calls ended because the client gave them up, or its connection was lost. */
  int cancelled() {
    return cancelled.get();
  }

  /** Answers what hangs now. */
  void release() {
    List<Runnable> released;
    synchronized (hanging) {
      released = List.copyOf(hanging);
      hanging.clear();
    }
    released.forEach(Runnable::run);
  }

  @Override
  public void ask(AskRequest request, StreamObserver<AskResponse> observer) {
    tell(request.toBuilder().setMore(0).build(), observer);
  }

  @Override
  public void tell(AskRequest request, StreamObserver<AskResponse> observer) {
    noteCancellation(observer);
    when(
        request,
        () -> {
          if (!failed(request, observer)) {
            for (int i = 0; i <= request.getMore(); i++) {
              observer.onNext(answer(request, 1));
            }
            observer.onCompleted();
          }
        });
  }

  @Override
  public StreamObserver<AskRequest> collect(StreamObserver<AskResponse> observer) {
    noteCancellation(observer);
    return new StreamObserver<>() {
      private AskRequest last = AskRequest.getDefaultInstance();
      private int requests;

      @Override
      public void onNext(AskRequest request) {
        started.add(request.getId());
        last = request;
        requests++;
      }

      @Override
      public void onError(Throwable cancellation) {}

      @Override
      public void onCompleted() {
        when(
            last,
            () -> {
              if (!failed(last, observer)) {
                observer.onNext(answer(last, requests));
                observer.onCompleted();
              }
            });
      }
    };
  }

  @Override
  public StreamObserver<AskRequest> chat(StreamObserver<AskResponse> observer) {
    noteCancellation(observer);
    return new StreamObserver<>() {
      @Override
      public void onNext(AskRequest request) {
        when(
            request,
            () -> {
              if (!failed(request, observer)) {
                observer.onNext(answer(request, 1));
              }
            });
      }

      @Override
      public void onError(Throwable cancellation) {}

      @Override
      public void onCompleted() {
        observer.onCompleted();
      }
    };
  }

  /** With a handler, an answer that comes too late is dropped and nothing is thrown. */
  private void noteCancellation(StreamObserver<AskResponse> observer) {
    ((ServerCallStreamObserver<AskResponse>) observer)
        .setOnCancelHandler(cancelled::incrementAndGet);
  }

  private void when(AskRequest request, Runnable end) {
    started.add(request.getId());
    if (request.getHang()) {
      synchronized (hanging) {
        hanging.add(end);
      }
    } else if (request.getDelayMs() > 0) {
      var unused = delays.schedule(end, request.getDelayMs(), MILLISECONDS);
    } else {
      end.run();
    }
  }

  private static boolean failed(AskRequest request, StreamObserver<AskResponse> observer) {
    if (request.getStatus() == 0) {
      return false;
    }
    observer.onError(
        Status.fromCodeValue(request.getStatus())
            .withDescription(request.getText())
            .asRuntimeException());
    return true;
  }

  private AskResponse answer(AskRequest request, int requests) {
    return AskResponse.newBuilder()
        .setServer(name)
        .setId(request.getId())
        .setRequests(requests)
        .build();
  }

  @Override
  public void close() {
    delays.shutdownNow();
  }
}

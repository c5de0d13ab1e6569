package dev.tahini.rpc.tests.retry;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks at each attempt of a client's calls as it ends, those among them that reach no server;
 * installed after the retries. Thread-safe.
 */
final class TriedBackends implements ClientFeature {
  private final AtomicLong made = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong brokenOff = new AtomicLong();
  private final Queue<List<Backend>> repeated = new ConcurrentLinkedQueue<>();

  @Override
  public List<ClientInterceptor> interceptors(ClientView client, CallEvents events) {
    return List.of(new Looking());
  }

  private final class Looking implements ClientInterceptor {
    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      Attempts attempts = options.getOption(Attempts.OPTION);
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<RespT> listener, Metadata headers) {
          made.incrementAndGet();
          super.start(
              new SimpleForwardingClientCallListener<RespT>(listener) {
                private boolean isAnswered;

                @Override
                public void onHeaders(Metadata headers) {
                  isAnswered = true;
                  super.onHeaders(headers);
                }

                @Override
                public void onClose(Status status, Metadata trailers) {
                  note(status, isAnswered, attempts);
                  super.onClose(status, trailers);
                }
              },
              headers);
        }
      };
    }
  }

  private void note(Status status, boolean isAnswered, Attempts attempts) {
    if (!status.isOk()) {
      failed.incrementAndGet();
    }
    if (!status.isOk() && isAnswered) {
      brokenOff.incrementAndGet();
    }
    List<Backend> tried = attempts.backends();
    if (new HashSet<>(tried).size() < tried.size()) {
      repeated.add(tried);
    }
  }

  long made() {
    return made.get();
  }

  long failed() {
    return failed.get();
  }

  /** Those that failed after the headers of their answer: they are not made again. */
  long brokenOff() {
    return brokenOff.get();
  }

  /** Where the attempts of a call went, of each that had two on one backend. */
  List<List<Backend>> repeated() {
    return List.copyOf(repeated);
  }
}

package dev.tahini.rpc.testing.lab;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.testing.Failure;
import dev.tahini.rpc.testing.FakeTime;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What features do in a simulation has the consequences that it has in life. */
class FeatureInTheLabTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static ClusterBuilder one() {
    return SimulatedCluster.builder()
        .backend(ServerSpec.of("b"))
        .load(Arrivals.poisson(100))
        .warmUp(SECOND);
  }

  @Test
  void whatItsScheduledTaskThrowsComesOutOfTheRun() {
    IllegalStateException mine = new IllegalStateException("mine");
    ClusterBuilder experiment =
        one()
            .client(
                (context, client) -> {
                  Runnable task =
                      () -> {
                        throw mine;
                      };
                  Future<?> unused = context.time().scheduler().schedule(task, 10, MILLISECONDS);
                });
    assertSame(mine, assertThrows(IllegalStateException.class, () -> experiment.run(SECOND)));
  }

  /** Notes what each attempt hears that did not succeed. */
  private record Heard(List<String> notes) implements ClientInterceptor {
    private static final Metadata.Key<String> PUSHBACK =
        Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<RespT> listener, Metadata headers) {
          super.start(
              new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onHeaders(Metadata received) {
                  notes.add("headers");
                }

                @Override
                public void onClose(Status status, Metadata trailers) {
                  notes.add(status.getCode() + " " + trailers.get(PUSHBACK));
                  trailers.discardAll(PUSHBACK); // they are its own
                  super.onClose(status, trailers);
                }
              },
              headers);
        }
      };
    }
  }

  /** As over gRPC, where such an answer has no headers: a retry is not committed by it. */
  @Test
  void scriptedFailureHasItsTrailersAndNoHeaders() {
    Failure busy = Failure.of(Status.RESOURCE_EXHAUSTED).withPushback(Duration.ofMillis(50));
    List<String> notes = new ArrayList<>();
    one()
        .client((context, client) -> client.intercept(new Heard(notes)))
        .warmUp(Duration.ZERO)
        .at(Duration.ZERO, cluster -> cluster.fail("b", busy))
        .runCalls(3);
    assertEquals(Collections.nCopies(3, "RESOURCE_EXHAUSTED 50"), notes);
  }

  @Test
  void scriptedFailureEndsWhenItsBackendIsHealed() {
    Report report =
        one()
            .phase(Duration.ZERO, "failing")
            .phase(SECOND, "healed")
            .at(Duration.ZERO, cluster -> cluster.fail("b", Failure.of(Status.INTERNAL)))
            .at(SECOND, cluster -> cluster.heal("b"))
            .run(SECOND.multipliedBy(2));
    Report.Phase failing = report.phase("failing");
    assertEquals(Map.of(Status.Code.INTERNAL, failing.calls()), failing.failed());
    assertEquals(0, report.phase("healed").failures());
  }

  /** Does what retries do: measures and keeps the request, and goes on by the call's executor. */
  private record Later(TimeSource time, List<Thread> ranOn) implements ClientInterceptor {
    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      Executor executor = requireNonNull(options.getExecutor());
      Runnable note = () -> ranOn.add(Thread.currentThread());
      Future<?> unused = time.scheduler().schedule(() -> executor.execute(note), 1, MILLISECONDS);
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void sendMessage(ReqT message) {
          assertEquals(0, sizeOf(method.streamRequest(message)));
          super.sendMessage(message);
        }
      };
    }

    private static int sizeOf(InputStream request) {
      assertInstanceOf(KnownLength.class, request);
      try (request) {
        return request.available();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void retriesMayMeasureARequestAndGoOnLaterOnTheSameThread() {
    List<Thread> ranOn = new ArrayList<>();
    one()
        .client((context, client) -> client.intercept(new Later(context.time(), ranOn)))
        .warmUp(Duration.ZERO)
        .runCalls(3);
    assertEquals(Collections.nCopies(3, Thread.currentThread()), ranOn);
  }

  /** Gives every attempt a deadline that has passed already. */
  private record TooLate(TimeSource time) implements ClientInterceptor {
    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      Deadline passed = Deadline.after(0, TimeUnit.NANOSECONDS, ((FakeTime) time).ticker());
      return next.newCall(method, options.withDeadline(passed));
    }
  }

  @Test
  void attemptAfterItsDeadlineIsNotSent() {
    Report report =
        one()
            .client((context, client) -> client.intercept(new TooLate(context.time())))
            .run(SECOND);
    assertEquals(0, report.total().attempts());
    assertEquals(
        Map.of(Status.Code.DEADLINE_EXCEEDED, report.total().calls()), report.total().failed());
  }

  @Test
  void attemptAfterItsDeadlineIsNotPicked() {
    List<Backend> picked = new ArrayList<>();
    Picker.Factory noting =
        new Picker.Factory() {
          @Override
          public String name() {
            return "noting";
          }

          @Override
          public Picker create(Picker.Backends backends) {
            Backend only = backends.all().get(0);
            return request -> {
              picked.add(only);
              return only;
            };
          }
        };
    one()
        .picker(noting)
        .pick(Pick.with("noting", null))
        .client((context, client) -> client.intercept(new TooLate(context.time())))
        .run(SECOND);
    assertEquals(List.of(), picked);
  }
}

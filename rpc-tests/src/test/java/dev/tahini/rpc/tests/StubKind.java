package dev.tahini.rpc.tests;

import dev.tahini.rpc.tests.v1.AskRequest;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The ways in which gRPC's stubs make calls. */
public enum StubKind {
  BLOCKING_UNARY {
    @Override
    public List<AskResponse> call(Channel channel, AskRequest request) {
      return List.of(ProbeGrpc.newBlockingStub(channel).ask(request));
    }
  },
  BLOCKING_SERVER_STREAM {
    @Override
    public List<AskResponse> call(Channel channel, AskRequest request) {
      Iterator<AskResponse> answers = ProbeGrpc.newBlockingStub(channel).tell(request);
      List<AskResponse> all = new ArrayList<>();
      answers.forEachRemaining(all::add);
      return all;
    }
  },
  BLOCKING_V2_UNARY {
    @Override
    public List<AskResponse> call(Channel channel, AskRequest request) throws StatusException {
      return List.of(ProbeGrpc.newBlockingV2Stub(channel).ask(request));
    }
  },
  BLOCKING_V2_CLIENT_STREAM {
    @Override
    public List<AskResponse> call(Channel channel, AskRequest request)
        throws StatusException, InterruptedException, TimeoutException {
      BlockingClientCall<AskRequest, AskResponse> call =
          ProbeGrpc.newBlockingV2Stub(channel).collect();
      call.write(request);
      call.halfClose();
      return readAll(call);
    }
  },
  BLOCKING_V2_BIDI_STREAM {
    @Override
    public List<AskResponse> call(Channel channel, AskRequest request)
        throws StatusException, InterruptedException, TimeoutException {
      BlockingClientCall<AskRequest, AskResponse> call =
          ProbeGrpc.newBlockingV2Stub(channel).chat();
      call.write(request);
      call.halfClose();
      return readAll(call);
    }
  },
  FUTURE_UNARY {
    @Override
    public List<AskResponse> call(Channel channel, AskRequest request) {
      return List.of(Probes.answer(ProbeGrpc.newFutureStub(channel).ask(request)));
    }
  },
  ASYNC_UNARY {
    @Override
    public List<AskResponse> call(Channel channel, AskRequest request) {
      return collected(observer -> ProbeGrpc.newStub(channel).ask(request, observer));
    }
  },
  ASYNC_SERVER_STREAM {
    @Override
    public List<AskResponse> call(Channel channel, AskRequest request) {
      return collected(observer -> ProbeGrpc.newStub(channel).tell(request, observer));
    }
  },
  ASYNC_CLIENT_STREAM {
    @Override
    public List<AskResponse> call(Channel channel, AskRequest request) {
      return collected(
          observer -> {
            StreamObserver<AskRequest> requests = ProbeGrpc.newStub(channel).collect(observer);
            requests.onNext(request);
            requests.onNext(request);
            requests.onCompleted();
          });
    }
  },
  ASYNC_BIDI_STREAM {
    @Override
    public List<AskResponse> call(Channel channel, AskRequest request) {
      return collected(
          observer -> {
            StreamObserver<AskRequest> requests = ProbeGrpc.newStub(channel).chat(observer);
            requests.onNext(request);
            requests.onNext(request);
            requests.onCompleted();
          });
    }
  };

  /** Makes one call, and gives all its answers. */
  public abstract List<AskResponse> call(Channel channel, AskRequest request)
      throws StatusException, InterruptedException, TimeoutException;

  private static List<AskResponse> readAll(BlockingClientCall<AskRequest, AskResponse> call)
      throws StatusException, InterruptedException, TimeoutException {
    List<AskResponse> all = new ArrayList<>();
    AskResponse next = call.read(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    while (next != null) {
      all.add(next);
      next = call.read(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
    return all;
  }

  private static List<AskResponse> collected(Consumer<StreamObserver<AskResponse>> call) {
    Collected observer = new Collected();
    call.accept(observer);
    try {
      return observer.done.get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the call has not ended well", e);
    }
  }

  private static final class Collected implements StreamObserver<AskResponse> {
    private final List<AskResponse> answers = new ArrayList<>();
    private final CompletableFuture<List<AskResponse>> done = new CompletableFuture<>();

    @Override
    public void onNext(AskResponse answer) {
      answers.add(answer);
    }

    @Override
    public void onError(Throwable error) {
      done.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      done.complete(answers);
    }
  }
}

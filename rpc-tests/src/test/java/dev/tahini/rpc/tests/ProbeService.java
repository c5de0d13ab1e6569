package dev.tahini.rpc.tests;

import dev.tahini.rpc.tests.v1.AskRequest;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** Says who it is, and ends its calls as they ask for. Stateless, and never blocks. */
public final class ProbeService extends ProbeGrpc.ProbeImplBase {
  private final String name;

  public ProbeService(String name) {
    this.name = name;
  }

  @Override
  public void ask(AskRequest request, StreamObserver<AskResponse> observer) {
    tell(request.toBuilder().setMore(0).build(), observer);
  }

  @Override
  public void tell(AskRequest request, StreamObserver<AskResponse> observer) {
    dropLateAnswers(observer);
    if (answers(request, observer)) {
      for (int i = 0; i <= request.getMore(); i++) {
        observer.onNext(answer(request, 1));
      }
      observer.onCompleted();
    }
  }

  @Override
  public StreamObserver<AskRequest> collect(StreamObserver<AskResponse> observer) {
    dropLateAnswers(observer);
    return new StreamObserver<>() {
      private AskRequest last = AskRequest.getDefaultInstance();
      private int requests;

      @Override
      public void onNext(AskRequest request) {
        last = request;
        requests++;
      }

      @Override
      public void onError(Throwable cancellation) {}

      @Override
      public void onCompleted() {
        if (answers(last, observer)) {
          observer.onNext(answer(last, requests));
          observer.onCompleted();
        }
      }
    };
  }

  @Override
  public StreamObserver<AskRequest> chat(StreamObserver<AskResponse> observer) {
    dropLateAnswers(observer);
    return new StreamObserver<>() {
      @Override
      public void onNext(AskRequest request) {
        if (answers(request, observer)) {
          observer.onNext(answer(request, 1));
        }
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
  private static void dropLateAnswers(StreamObserver<AskResponse> observer) {
    ((ServerCallStreamObserver<AskResponse>) observer).setOnCancelHandler(() -> {});
  }

  /** Whether a request asks for an answer; fails the call if it asks for that. */
  private static boolean answers(AskRequest request, StreamObserver<AskResponse> observer) {
    if (request.getStatus() != 0) {
      observer.onError(Status.fromCodeValue(request.getStatus()).asRuntimeException());
      return false;
    }
    return !request.getHang();
  }

  private AskResponse answer(AskRequest request, int requests) {
    return AskResponse.newBuilder()
        .setServer(name)
        .setId(request.getId())
        .setRequests(requests)
        .build();
  }
}

package dev.tahini.rpc.testing;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The stub of {@link EchoService}, by hand. */
record Echo(Channel channel) {

  /** The answer, or the status that the call ended with in an {@link ExecutionException}. */
  String echo(String text) throws InterruptedException, ExecutionException, TimeoutException {
    return start(text).get(10, TimeUnit.SECONDS);
  }

  /** What a call ended with. */
  Status outcome(String text) throws InterruptedException, TimeoutException {
    return outcome(start(text));
  }

  static Status outcome(CompletableFuture<String> answer)
      throws InterruptedException, TimeoutException {
    try {
      answer.get(10, TimeUnit.SECONDS);
      return Status.OK;
    } catch (ExecutionException e) {
      return Status.fromThrowable(e);
    }
  }

  CompletableFuture<String> start(String text) {
    return start(text, CallOptions.DEFAULT, new Metadata());
  }

  /** Cancelling the answer cancels the call. */
  CompletableFuture<String> start(String text, CallOptions options, Metadata headers) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    ClientCall<String, String> call = channel.newCall(EchoService.ECHO, options);
    var unused =
        answer.whenComplete(
            (got, failure) -> {
              if (answer.isCancelled()) {
                call.cancel("the test gave it up", null);
              }
            });
    call.start(
        new ClientCall.Listener<>() {
          private String got = "nothing";

          @Override
          public void onMessage(String message) {
            got = message;
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
              answer.complete(got);
            } else {
              answer.completeExceptionally(status.asException(trailers));
            }
          }
        },
        headers);
    call.request(2);
    call.sendMessage(text);
    call.halfClose();
    return answer;
  }
}

package dev.tahini.rpc.testing.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Pick;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The end of one call to a {@link NumberService}.
 *
 * @param pick what it asked for
 * @param status how it ended
 * @param server the number of the server that answered, or null if none did
 */
record Answer(Pick pick, Status status, @Nullable Integer server) {

  /**
   * Starts a call; the future is never done exceptionally.
   *
   * @param onEnd run once it is done
   */
  static CompletableFuture<Answer> start(Channel channel, CallOptions options, Runnable onEnd) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    ClientCall<Integer, Integer> call = channel.newCall(NumberService.ASK, options);
    call.start(
        new ClientCall.Listener<>() {
          private @Nullable Integer server;

          @Override
          public void onMessage(Integer number) {
            server = number;
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            answer.complete(new Answer(options.getOption(Pick.OPTION), status, server));
            onEnd.run();
          }
        },
        new Metadata());
    call.request(2);
    call.sendMessage(0);
    call.halfClose();
    return answer;
  }

  void assertOk(String why) {
    assertTrue(status.isOk(), () -> "a call with " + pick + " ended " + status + "; " + why);
  }

  void assertOkOrUnavailable(String why) {
    assertTrue(
        status.isOk() || status.getCode() == Status.Code.UNAVAILABLE,
        () ->
            "a call with " + pick + " ended " + status + " (expected: OK or UNAVAILABLE); " + why);
  }
}

package dev.tahini.rpc.core;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Pick;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.random.RandomGenerator;

/**
 * The innermost interceptor of all calls: settles on the calling thread what the balancer cannot.
 * An unknown picker fails the call as such (gRPC would make INTERNAL of the code); a user's random
 * generator is drawn from once per call that gets here, however often gRPC picks again. Leaves all
 * other calls as they are.
 */
final class PickInterceptor implements ClientInterceptor {
  private final Pickers.Maker pickers;

  PickInterceptor(Pickers.Maker pickers) {
    this.pickers = pickers;
  }

  /** A generator that has been drawn from: gives the one number again and again. */
  private record Drawn(long draw) implements RandomGenerator {
    @Override
    public long nextLong() {
      return draw;
    }
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    Pick pick = options.getOption(Pick.OPTION);
    if (pick instanceof Pick.Named) {
      try {
        pickers.check(pick);
      } catch (InvalidValueException e) {
        return new FailedCall<>(
            Status.INVALID_ARGUMENT.withDescription(e.getMessage()).withCause(e));
      }
    }
    if (pick instanceof Pick.Random random && random.generator() != null) {
      Pick drawn = new Pick.Random(new Drawn(random.generator().nextLong()));
      return next.newCall(method, options.withOption(Pick.OPTION, drawn));
    }
    return next.newCall(method, options);
  }
}

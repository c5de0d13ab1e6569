package dev.tahini.rpc.benchmarks.picks;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.client.ClientRequestContext;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import io.netty.util.AttributeKey;
import java.util.stream.IntStream;

/** Picks as Armeria's clients do. */
record ArmeriaPicking(EndpointGroup group) implements Picking {
  private static final AttributeKey<Long> KEY_HASH =
      AttributeKey.valueOf(ArmeriaPicking.class, "keyHash");

  /** What a sticky choice depends on; made before it is timed. */
  static long keyHash(ClientRequestContext context) {
    return requireNonNull(context.attr(KEY_HASH), "the call has no key");
  }

  @Override
  public Turns turns() {
    ClientRequestContext[] calls =
        IntStream.range(0, PickContender.KEYS)
            .mapToObj(ArmeriaPicking::call)
            .toArray(ClientRequestContext[]::new);
    return new ArmeriaTurns(group, calls);
  }

  private static ClientRequestContext call(int index) {
    HttpRequest request =
        HttpRequest.of(RequestHeaders.of(HttpMethod.POST, "/tahini.benchmarks.echo.v1.Echo/Say"));
    ClientRequestContext call = ClientRequestContext.of(request);
    call.setAttr(KEY_HASH, PickContender.key(index).hashCode() * 0x9e3779b97f4a7c15L);
    return call;
  }

  @Override
  public void close() {
    group.close();
  }

  private static final class ArmeriaTurns implements Turns {
    private final EndpointGroup group;
    private final ClientRequestContext[] calls;
    private int turn;

    ArmeriaTurns(EndpointGroup group, ClientRequestContext[] calls) {
      this.group = group;
      this.calls = calls;
    }

    @Override
    public Object pick() {
      turn = (turn + 1) & (PickContender.KEYS - 1);
      return requireNonNull(group.selectNow(calls[turn]), "no endpoint");
    }

    /** It counts nothing. */
    @Override
    public Object call() {
      return pick();
    }
  }
}

package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.shard.ShardMaps;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PickInterceptorTest {
  private final FakeChannel next = new FakeChannel();
  private final PickInterceptor interceptor =
      new PickInterceptor(
          new Pickers.Maker(
              () -> new Random(1),
              new ShardTables(ShardMaps.standard(), new ManualExecutor()),
              List.of(new UsersPicker())));

  static List<Pick> passed() {
    return List.of(
        Pick.leastLoaded(),
        Pick.random(),
        Pick.shard("k"),
        Pick.address("a:1"),
        Pick.with("mine", "k"));
  }

  @ParameterizedTest
  @MethodSource("passed")
  void callIsLeftAsItIs(Pick pick) {
    CallOptions options = CallOptions.DEFAULT.withOption(Pick.OPTION, pick);

    interceptor.interceptCall(ChannelState.NO_METHOD, options, next);

    assertSame(options, next.options);
  }

  @Test
  void unknownPickerFailsTheCallAtOnce() {
    CallOptions options = CallOptions.DEFAULT.withOption(Pick.OPTION, Pick.with("yours", null));
    List<Status> ends = new ArrayList<>();

    start(ChannelState.NO_METHOD, options, ends);

    assertNull(next.options);
    assertEquals(1, ends.size());
    assertEquals(Status.Code.INVALID_ARGUMENT, ends.get(0).getCode());
    assertEquals("picker: yours (expected: one of mine)", ends.get(0).getDescription());
  }

  private <Q, R> void start(MethodDescriptor<Q, R> method, CallOptions options, List<Status> ends) {
    interceptor
        .interceptCall(method, options, next)
        .start(
            new ClientCall.Listener<R>() {
              @Override
              public void onClose(Status status, Metadata trailers) {
                ends.add(status);
              }
            },
            new Metadata());
  }

  @Test
  void usersGeneratorIsDrawnFromOnceHoweverOftenGrpcPicks() {
    RandomGenerator generator = new Random(5);
    long first = new Random(5).nextLong();
    CallOptions options = CallOptions.DEFAULT.withOption(Pick.OPTION, Pick.random(generator));

    interceptor.interceptCall(ChannelState.NO_METHOD, options, next);

    Pick.Random drawn = (Pick.Random) requireNonNull(next.options).getOption(Pick.OPTION);
    RandomGenerator once = requireNonNull(drawn.generator());
    assertEquals(first, once.nextLong());
    assertEquals(first, once.nextLong());
    Random same = new Random(5);
    same.nextLong();
    assertEquals(same.nextLong(), generator.nextLong());
  }

  private static final class FakeChannel extends Channel {
    @Nullable CallOptions options;

    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options) {
      this.options = options;
      return new FailedCall<>(Status.OK);
    }

    @Override
    public String authority() {
      return "greeter.prod";
    }
  }
}

package dev.tahini.rpc.benchmarks.calls;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.tahini.rpc.benchmarks.echo.v1.EchoMessage;
import dev.tahini.rpc.benchmarks.harness.Policy;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallContenderTest {
  private static final EchoMessage REQUEST =
      EchoMessage.newBuilder().setPayload(ByteString.copyFromUtf8("hello")).build();
  private static final int LONGEST_CALL_SECONDS = 20;

  private final ChildProcess servers;
  private List<String> addresses = List.of();

  CallContenderTest() throws IOException {
    servers = new ChildProcess(EchoServers.class, List.of("-Xmx64m"), List.of("2"));
  }

  @BeforeAll
  void listen() throws IOException {
    System.setProperty(Policy.HEADER_FLAG, "true");
    addresses = List.of(servers.hear().split(",", -1));
  }

  @AfterAll
  void end() {
    servers.close();
  }

  @ParameterizedTest
  @EnumSource
  void callsWithEveryKindOfStub(CallContender contender) throws Exception {
    try (EchoStubs stubs = contender.open(addresses)) {
      CompletableFuture<EchoMessage> async = new CompletableFuture<>();
      stubs.async().say(REQUEST, completing(async));

      assertEquals(REQUEST, async.get(LONGEST_CALL_SECONDS, SECONDS));
      assertEquals(REQUEST, stubs.future().say(REQUEST).get(LONGEST_CALL_SECONDS, SECONDS));
      assertEquals(REQUEST, stubs.blocking().say(REQUEST));
    }
  }

  private static StreamObserver<EchoMessage> completing(CompletableFuture<EchoMessage> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(EchoMessage value) {
        answer.complete(value);
      }

      @Override
      public void onError(Throwable e) {
        answer.completeExceptionally(e);
      }

      @Override
      public void onCompleted() {}
    };
  }
}

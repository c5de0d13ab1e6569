package dev.tahini.rpc.tests.retry;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.retry.FrameServer.data;
import static dev.tahini.rpc.tests.retry.FrameServer.headers;
import static dev.tahini.rpc.tests.retry.FrameServer.lastData;
import static dev.tahini.rpc.tests.retry.FrameServer.message;
import static dev.tahini.rpc.tests.retry.FrameServer.reset;
import static dev.tahini.rpc.tests.retry.FrameServer.trailers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.GomaRetryPolicy;
import dev.tahini.rpc.retry.Retry;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.retry.StandardRetryPolicy;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.Expect;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.Retries;
import dev.tahini.rpc.tests.faults.RawServer;
import dev.tahini.rpc.tests.retry.FrameServer.Frame;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What gRPC says when load balancers and connections break calls, and which of it is retried. */
final class BrokenTransportsTest {
  private static final String GRPC = "application/grpc";
  private static final String HTML = "text/html; charset=UTF-8";
  private static final Frame PAGE = lastData("<html>sorry</html>".getBytes(UTF_8));
  private static final byte[] ANSWER =
      message(AskResponse.newBuilder().setServer("whole").build().toByteArray());
  private static final byte[] HALF = Arrays.copyOf(ANSWER, ANSWER.length - 2);
  private static final List<Frame> WHOLE =
      List.of(headers("200", GRPC), data(ANSWER), trailers("0"));

  private final TestDiscovery discovery = new TestDiscovery();

  /** Answers that are none, what gRPC says of them, and who tries them again. */
  private enum Broken {
    PAGE_200(Code.UNKNOWN, "invalid content-type: " + HTML, Retried.BY_OPTION, page("200")),
    PAGE_400(Code.INTERNAL, "invalid content-type: " + HTML, Retried.BY_OPTION, page("400")),
    PAGE_403(Code.PERMISSION_DENIED, "invalid content-type: " + HTML, Retried.NEVER, page("403")),
    PAGE_404(Code.UNIMPLEMENTED, "invalid content-type: " + HTML, Retried.NEVER, page("404")),
    PAGE_500(Code.UNKNOWN, "invalid content-type: " + HTML, Retried.BY_OPTION, page("500")),
    PAGE_502(Code.UNAVAILABLE, "invalid content-type: " + HTML, Retried.ALWAYS, page("502")),
    PLAIN_TEXT(
        Code.UNKNOWN,
        "invalid content-type: text/plain",
        Retried.NEVER,
        List.of(headers("200", "text/plain"), PAGE)),
    STREAM_ENDS_IN_A_MESSAGE(
        Code.INTERNAL,
        "Received unexpected EOS on non-empty DATA frame from server",
        Retried.BY_OPTION,
        List.of(headers("200", GRPC), lastData(HALF))),
    STREAM_ENDS_AFTER_A_PART_OF_A_MESSAGE(
        Code.INTERNAL,
        "Received unexpected EOS on empty DATA frame from server",
        Retried.BY_OPTION,
        List.of(headers("200", GRPC), data(HALF), lastData(new byte[0]))),
    TRAILERS_IN_A_MESSAGE(
        Code.INTERNAL,
        "Encountered end-of-stream mid-frame",
        Retried.BY_OPTION,
        List.of(headers("200", GRPC), data(HALF), trailers("0"))),
    CONNECTION_ENDS(Code.UNAVAILABLE, "", Retried.ALWAYS, List.of()),
    RESET_WITH_INTERNAL_ERROR(
        Code.INTERNAL,
        "RST_STREAM closed stream. HTTP/2 error code: INTERNAL_ERROR",
        Retried.BY_OPTION,
        List.of(reset(FrameServer.INTERNAL_ERROR))),
    RESET_IN_A_MESSAGE(
        Code.INTERNAL,
        "RST_STREAM closed stream. HTTP/2 error code: INTERNAL_ERROR",
        Retried.BY_OPTION,
        List.of(headers("200", GRPC), data(HALF), reset(FrameServer.INTERNAL_ERROR))),
    RESET_WITH_PROTOCOL_ERROR(
        Code.INTERNAL,
        "RST_STREAM closed stream. HTTP/2 error code: PROTOCOL_ERROR",
        Retried.NEVER,
        List.of(reset(FrameServer.PROTOCOL_ERROR))),
    RESET_WITH_CANCEL(
        Code.CANCELLED,
        "RST_STREAM closed stream. HTTP/2 error code: CANCEL",
        Retried.NEVER,
        List.of(reset(FrameServer.CANCEL)));

    final Code code;
    final String words;
    final Retried retried;

    @SuppressWarnings("ImmutableEnumChecker") // frames are, and nobody changes the list
    final List<Frame> frames;

    Broken(Code code, String words, Retried retried, List<Frame> frames) {
      this.code = code;
      this.words = words;
      this.retried = retried;
      this.frames = frames;
    }

    private static List<Frame> page(String httpStatus) {
      return List.of(headers(httpStatus, HTML), PAGE);
    }
  }

  private enum Retried {
    /** Also by the defaults. */
    ALWAYS,
    /** By the preset, which has it on. */
    BY_OPTION,
    NEVER
  }

  private RpcClient<ProbeBlockingStub> client(RawServer server, RetryOptions options) {
    discovery.set(server.endpoint());
    return RpcClient.builder(Fleet.TARGET, ProbeGrpc::newBlockingStub)
        .discovery(discovery)
        .feature(Retries.feature(options))
        .plaintext()
        .build();
  }

  private Status statusOf(Broken broken) throws IOException {
    try (RawServer server = FrameServer.start(List.of(broken.frames));
        RpcClient<ProbeBlockingStub> client = client(server, RetryOptions.none())) {
      return failure(() -> client.stub().ask(ASK));
    }
  }

  private static boolean isRetried(RetryPolicy policy, Status status) {
    var outcome =
        new RetryPolicy.Outcome(status, new Metadata(), null, Duration.ZERO, Duration.ZERO);
    return policy.decide(new RetryPolicy.History(null, List.of(outcome), null))
        instanceof RetryPolicy.Retry;
  }

  @ParameterizedTest
  @EnumSource
  void codeAndWordsAreThoseThatPoliciesKnow(Broken broken) throws IOException {
    Status status = statusOf(broken);

    Expect.status(broken.code, broken.words, status);
    StandardRetryPolicy standard = StandardRetryPolicy.defaults();
    boolean isByOption = broken.retried != Retried.NEVER;
    assertEquals(broken.retried == Retried.ALWAYS, isRetried(standard, status));
    assertEquals(isByOption, isRetried(standard.retryingBrokenAnswers(), status));
    assertEquals(isByOption, isRetried(new GomaRetryPolicy(), status));
  }

  /** Around calls also what breaks after the headers. */
  @ParameterizedTest
  @EnumSource
  void presetTriesAgainAroundCalls(Broken broken) throws IOException {
    try (RawServer server = FrameServer.start(List.of(broken.frames, broken.frames, WHOLE));
        RpcClient<ProbeBlockingStub> client = client(server, RetryOptions.none())) {
      Retry retry = Retry.goma();

      if (broken.retried == Retried.NEVER) {
        Expect.status(
            broken.code, broken.words, failure(() -> retry.call(() -> client.stub().ask(ASK))));
      } else {
        assertEquals("whole", retry.call(() -> client.stub().ask(ASK)).getServer());
      }
    }
  }

  /** What breaks before the headers of gRPC's answer. */
  @ParameterizedTest
  @EnumSource(names = {"PAGE_200", "PAGE_400", "PAGE_500", "RESET_WITH_INTERNAL_ERROR"})
  void optionTriesAgainInsideOfStubs(Broken broken) throws IOException {
    RetryOptions options =
        RetryOptions.defaults().withPolicy(StandardRetryPolicy.defaults().retryingBrokenAnswers());
    try (RawServer server = FrameServer.start(List.of(broken.frames, broken.frames, WHOLE));
        RpcClient<ProbeBlockingStub> client = client(server, options)) {
      assertEquals("whole", client.stub().ask(ASK).getServer());
    }
  }
}

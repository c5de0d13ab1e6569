package dev.tahini.rpc.tests.retry;

import static dev.tahini.rpc.tests.Fleet.load;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.ClosedLoop;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.LoadPicks;
import dev.tahini.rpc.tests.Retries;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Backends that die under load, one after the other, where calls are retried. What no retry helps
 * is a connection that is cut between an answer's headers and its end: the server has answered.
 */
final class DeadBackendsTest {
  private static final int SERVERS = 5;
  private static final int IN_FLIGHT = 200;
  private static final int CALLS = 4_000;
  private static final int MANY_CALLS = 100_000;
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(1);

  @AutoClose private final RpcTestCluster cluster = Fleet.of(SERVERS);
  private final TriedBackends tried = new TriedBackends();
  private final RecordedRetries retries = new RecordedRetries();
  @AutoClose private RpcClient<Channel> client = client(RetryOptions.defaults());

  /** How a backend dies. */
  private enum Death {
    /** RST, and connections refused. */
    KILL {
      @Override
      void befall(TestBackend backend) {
        backend.kill();
      }
    },
    /** RST, and connections taken again. */
    RESET {
      @Override
      void befall(TestBackend backend) {
        backend.resetConnections();
      }
    },
    /** GOAWAY, calls in flight finish. */
    STOP {
      @Override
      void befall(TestBackend backend) {
        backend.drain();
      }
    },
    /** Calls arrive and are not answered. */
    SILENCE {
      @Override
      void befall(TestBackend backend) {
        backend.hang();
      }
    };

    abstract void befall(TestBackend backend);
  }

  private RpcClient<Channel> client(RetryOptions options) {
    return cluster
        .<Channel>clientBuilder(channel -> channel)
        .feature(Retries.feature(options))
        .feature(tried)
        .feature(retries)
        .build();
  }

  @ParameterizedTest
  @EnumSource
  void killedBackendsFailNoCallOfManyAndNoneIsTriedTwice(LoadPicks picks) {
    assertNoCallFails(Death.KILL, picks, CALLS);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("full") // 100,000 calls
  void killedBackendsFailNoCallOfAHundredThousandAndNoneIsTriedTwice(LoadPicks picks) {
    assertNoCallFails(Death.KILL, picks, MANY_CALLS);
  }

  @ParameterizedTest
  @CsvSource({"RESET, LEAST_LOADED", "STOP, RANDOM"})
  void backendsThatLeaveFailNoCall(Death death, LoadPicks picks) {
    assertNoCallFails(death, picks, CALLS / 2);
  }

  @ParameterizedTest
  @EnumSource
  void silentBackendsFailNoCallWhereAttemptsAreTimed(LoadPicks picks) {
    client.close();
    client = client(RetryOptions.defaults().withAttemptTimeout(ATTEMPT_TIMEOUT));

    assertNoCallFails(Death.SILENCE, picks, CALLS / 4);
  }

  private void assertNoCallFails(Death death, LoadPicks picks, int calls) {
    cluster.awaitReady(client);
    int deaths = 0;
    try (ClosedLoop loop = load(cluster, client, IN_FLIGHT, picks)) {
      while (loop.ended() < calls) {
        TestBackend dying = cluster.backend("s" + deaths % SERVERS);
        long failedBefore = tried.failed();
        death.befall(dying);
        if (death != Death.STOP) {
          Await.until("an attempt to fail", () -> tried.failed() > failedBefore);
        }
        loop.awaitMore(2 * IN_FLIGHT);
        comeBack(death, dying);
        cluster.awaitReady(client);
        loop.awaitMore(5 * IN_FLIGHT);
        deaths++;
      }
      int failed = loop.stop().size();
      report(death, picks, deaths, loop.ended(), failed);
      assertEquals(tried.brokenOff(), failed, "failed, but for those cut in their answer");
    }

    assertEquals(List.of(), tried.repeated());
  }

  private static void comeBack(Death death, TestBackend backend) {
    switch (death) {
      case KILL, STOP -> backend.restart();
      case SILENCE -> backend.release();
      case RESET -> {}
    }
  }

  private void report(Death death, LoadPicks picks, int deaths, long calls, int failed) {
    System.out.printf(
        "%s %d times under load, %s: %d calls, %d failed; %d attempts, of which %d failed, %d in"
            + " the middle of an answer; %d were retried by the policy%n",
        death,
        deaths,
        picks,
        calls,
        failed,
        tried.made(),
        tried.failed(),
        tried.brokenOff(),
        retries.delays().size());
  }
}

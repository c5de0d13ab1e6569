package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimeSourceTest {
  private final TimeSource time = TimeSource.system();

  @Test
  void systemsDelaysRunOnADaemonThreadThatEndsAfterThem() throws Exception {
    Thread ranOn = time.scheduler().schedule(Thread::currentThread, 1, TimeUnit.MILLISECONDS).get();

    assertTrue(ranOn.isDaemon());
    ranOn.join(10_000);
    assertFalse(ranOn.isAlive(), "a thread is left though nothing is due");
  }

  @Test
  void systemsDelaysWorkAgainAfterTheirThreadHasEnded() throws Exception {
    Thread first = time.scheduler().schedule(Thread::currentThread, 1, TimeUnit.MILLISECONDS).get();
    first.join(10_000);

    Thread second =
        time.scheduler().schedule(Thread::currentThread, 1, TimeUnit.MILLISECONDS).get();

    assertFalse(first.isAlive());
    assertTrue(second != first);
  }
}

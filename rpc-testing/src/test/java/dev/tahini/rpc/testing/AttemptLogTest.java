package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

class AttemptLogTest {
  private static final CallTag UNKNOWN = new CallTag(null, null, null);

  private final AttemptLog log = new AttemptLog(new Changes());

  private AttemptLog.Entry begin() {
    return log.begin("a", "test.Echo/Echo", UNKNOWN, new Metadata());
  }

  @Test
  void oldestAttemptIsForgottenWhenItIsFull() {
    for (int i = 0; i <= AttemptLog.CAPACITY; i++) {
      begin();
    }

    assertEquals(AttemptLog.CAPACITY, log.all().size());
    assertEquals(2, log.all().get(0).number());
    assertEquals(AttemptLog.CAPACITY + 1, log.inFlight("a"));
  }

  @Test
  void onlyTheFirstEndCounts() {
    AttemptLog.Entry entry = begin();

    entry.end(Status.OK);
    entry.end(Status.CANCELLED);

    assertEquals(Status.OK, log.all().get(0).status());
    assertEquals(0, log.inFlight());
  }
}

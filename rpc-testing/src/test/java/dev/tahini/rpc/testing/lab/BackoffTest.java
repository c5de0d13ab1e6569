package dev.tahini.rpc.testing.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void waitsAsGrpcDoes() {
    Backoff backoff = new Backoff(Chance.of(1));
    double expected = 1;
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      double next = backoff.nextNanos() / 1e9;
      seconds.add(next);
      assertEquals(expected, next, 0.2 * expected, seconds::toString);
      expected = Math.min(1.6 * expected, 120);
    }
  }
}

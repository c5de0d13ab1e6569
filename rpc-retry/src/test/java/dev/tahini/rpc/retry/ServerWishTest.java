package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Metadata;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerWishTest {
  private static final ServerWish NOTHING = new ServerWish(false, null);

  @Test
  void silenceIsNoWish() {
    assertEquals(NOTHING, ServerWish.in(new Metadata()));
  }

  @Test
  void pushbackAndRetryInfoAreDelays() {
    assertEquals(Duration.ofMillis(250), ServerWish.in(Outcomes.pushback("250")).delay());
    assertEquals(
        Duration.ofMillis(1500),
        ServerWish.in(Outcomes.retryInfo(Duration.ofMillis(1500))).delay());
  }

  @Test
  void longerOneCounts() {
    Metadata both = Outcomes.pushback("250");
    both.merge(Outcomes.retryInfo(Duration.ofMillis(100)));
    Metadata otherWay = Outcomes.pushback("250");
    otherWay.merge(Outcomes.retryInfo(Duration.ofMillis(900)));

    assertEquals(Duration.ofMillis(250), ServerWish.in(both).delay());
    assertEquals(Duration.ofMillis(900), ServerWish.in(otherWay).delay());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "soon", "", "1.5"})
  void pushbackThatIsNoNumberAsksForNoMore(String pushback) {
    assertEquals(new ServerWish(true, null), ServerWish.in(Outcomes.pushback(pushback)));
  }

  @Test
  void absurdDelaysAreADay() {
    assertEquals(
        Duration.ofDays(1), ServerWish.in(Outcomes.pushback("999999999999999999")).delay());
    assertEquals(
        Duration.ofDays(1), ServerWish.in(Outcomes.retryInfo(Duration.ofDays(5000))).delay());
  }

  @Test
  void detailsThatCannotBeReadSayNothing() {
    assertEquals(NOTHING, ServerWish.in(Outcomes.details(new byte[] {1, 2, 3})));
    assertEquals(NOTHING, ServerWish.in(Outcomes.retryInfo(Duration.ofSeconds(-5))));
  }
}

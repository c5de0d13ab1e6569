package dev.tahini.rpc.testing.contract;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.testing.FakeTime;
import java.time.Duration;

/** One that asks now and then, on threads of its own and in the test's time, can keep it, too. */
class PollingDiscoveryContractTest extends ChangingDiscoveryContract {
  private final FakeTime time = new FakeTime();
  private final PollingDiscovery discovery = new PollingDiscovery(time);

  @Override
  protected Discovery newDiscovery() {
    return discovery;
  }

  @Override
  protected Source source() {
    return discovery;
  }

  @Override
  protected Target target() {
    return Target.parse("polling:///somewhere");
  }

  @Override
  protected void letTimePass() {
    time.advance(Duration.ofSeconds(1));
  }
}

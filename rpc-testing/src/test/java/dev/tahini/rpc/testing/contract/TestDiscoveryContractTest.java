package dev.tahini.rpc.testing.contract;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.testing.TestDiscovery;
import io.grpc.Status;
import java.util.List;

/** The kit's own discovery keeps the contract. */
class TestDiscoveryContractTest extends ChangingDiscoveryContract {
  private final TestDiscovery discovery = new TestDiscovery();
  private final Source source =
      new Source() {
        private List<Endpoint> last = List.of();

        @Override
        public void list(List<Endpoint> endpoints) {
          last = endpoints;
          discovery.set(endpoints);
          discovery.resume();
        }

        @Override
        public void fail() {
          discovery.fail(Status.UNAVAILABLE.withDescription("the source is away"));
        }

        @Override
        public void recover() {
          list(last);
        }

        @Override
        public void hang() {
          discovery.goSilent();
        }
      };

  @Override
  protected Discovery newDiscovery() {
    return discovery;
  }

  @Override
  protected Target target() {
    return Target.parse("greeter.prod:grpc");
  }

  /** It stands for any discovery, and takes any target. */
  @Override
  protected List<Target> badTargets() {
    return List.of();
  }

  @Override
  protected Source source() {
    return source;
  }
}

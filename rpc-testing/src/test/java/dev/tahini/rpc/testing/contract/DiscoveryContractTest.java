package dev.tahini.rpc.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Target;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contracts of a discovery find what they are to find, and no more. */
@Isolated("some flaws are threads")
class DiscoveryContractTest {
  @AutoClose
  private static final ContractRuns<DiscoveryFlaw> runs =
      ContractRuns.start(Run.class, DiscoveryFlaw.class);

  /** A run of the contract; not a test of its own. */
  @ExtendWith(ContractRuns.Flaw.class)
  static final class Run extends ChangingDiscoveryContract {
    private final DiscoveryFlaw flaw;
    private final FlawedDiscovery flawed;

    Run(DiscoveryFlaw flaw) {
      this.flaw = flaw;
      this.flawed = new FlawedDiscovery(flaw);
    }

    @Override
    protected Discovery newDiscovery() {
      return flawed;
    }

    @Override
    protected Source source() {
      return flawed;
    }

    @Override
    protected Target target() {
      return Target.parse("flawed:///somewhere");
    }

    /** Short: what is in vain takes all of it. */
    @Override
    protected Duration patience() {
      return Duration.ofSeconds(1);
    }

    /** Other runs are under way at the same time. */
    @Override
    protected boolean isOfTheSource(Thread thread) {
      return !thread.getName().equals(FlawedDiscovery.threadName(flaw));
    }
  }

  @ParameterizedTest
  @EnumSource
  void flawIsFoundByItsTestsAlone(DiscoveryFlaw flaw) {
    assertEquals(new TreeSet<>(flaw.found), runs.failures(flaw));
  }

  @Test
  void eachTestCanFail() {
    Set<String> found =
        Arrays.stream(DiscoveryFlaw.values())
            .flatMap(flaw -> flaw.found.stream())
            .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(runs.tests(DiscoveryFlaw.NONE), found);
  }
}

package dev.tahini.rpc.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.RetryPolicy;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of a retry policy finds what it is to find, and no more. */
class RetryPolicyContractTest {
  @AutoClose
  private static final ContractRuns<RetryFlaw> runs =
      ContractRuns.start(Run.class, RetryFlaw.class);

  /** A run of the contract; not a test of its own. */
  @ExtendWith(ContractRuns.Flaw.class)
  static final class Run extends RetryPolicyContract {
    private final RetryFlaw flaw;

    Run(RetryFlaw flaw) {
      this.flaw = flaw;
    }

    @Override
    protected RetryPolicy newPolicy() {
      return new FlawedPolicy(flaw);
    }

    @Override
    protected int mostAttempts() {
      return FlawedPolicy.MOST_ATTEMPTS;
    }
  }

  @ParameterizedTest
  @EnumSource
  void flawIsFoundByItsTestsAlone(RetryFlaw flaw) {
    assertEquals(new TreeSet<>(flaw.found), runs.failures(flaw));
  }

  @Test
  void eachTestCanFail() {
    Set<String> found =
        Arrays.stream(RetryFlaw.values())
            .flatMap(flaw -> flaw.found.stream())
            .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(runs.tests(RetryFlaw.NONE), found);
  }
}

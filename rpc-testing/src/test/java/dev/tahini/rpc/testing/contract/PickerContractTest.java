package dev.tahini.rpc.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contracts of a picker find what they are to find, and no more. */
class PickerContractTest {
  @AutoClose
  private static final ContractRuns<PickerFlaw> runs =
      ContractRuns.start(Run.class, PickerFlaw.class);

  /** A run of the contract; not a test of its own. */
  @ExtendWith(ContractRuns.Flaw.class)
  static final class Run extends PickerFactoryContract {
    private final PickerFlaw flaw;

    Run(PickerFlaw flaw) {
      this.flaw = flaw;
    }

    @Override
    protected Picker.Factory newFactory() {
      return new FlawedFactory(flaw);
    }

    @Override
    protected Pick pick(int call, List<Endpoint> listed) {
      return Pick.with(
          flaw == PickerFlaw.ASKED_BY_ANOTHER_NAME ? "another" : FlawedFactory.NAME, null);
    }

    /** Short: what is in vain takes all of it. */
    @Override
    protected Duration patience() {
      return Duration.ofSeconds(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void flawIsFoundByItsTestsAlone(PickerFlaw flaw) {
    assertEquals(new TreeSet<>(flaw.found), runs.failures(flaw));
  }

  @Test
  void eachTestCanFail() {
    Set<String> found =
        Arrays.stream(PickerFlaw.values())
            .flatMap(flaw -> flaw.found.stream())
            .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(runs.tests(PickerFlaw.NONE), found);
  }
}

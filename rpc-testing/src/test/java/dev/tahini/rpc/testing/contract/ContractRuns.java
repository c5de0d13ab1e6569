package dev.tahini.rpc.testing.contract;

import static java.util.Objects.requireNonNull;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/**
 * Runs of a contract, each against an implementation with another flaw, which the contract's
 * constructor is given. Several at a time: where something is found, something is waited for.
 */
final class ContractRuns<F extends Enum<F>> implements AutoCloseable {
  private static final String FLAW = "dev.tahini.flaw";
  private static final int AT_A_TIME = 10;

  private final ExecutorService executor = Executors.newFixedThreadPool(AT_A_TIME);
  private final Map<F, Future<Events>> runs;

  private ContractRuns(Class<?> contract, Class<F> flaws) {
    this.runs = new EnumMap<>(flaws);
    for (F flaw : flaws.getEnumConstants()) {
      runs.put(flaw, executor.submit(() -> run(contract, flaw)));
    }
  }

  /** Begins a run for each flaw. */
  static <F extends Enum<F>> ContractRuns<F> start(Class<?> contract, Class<F> flaws) {
    return new ContractRuns<>(contract, flaws);
  }

  /** Which tests of the contract fail. */
  Set<String> failures(F flaw) {
    return methods(events(flaw).failed());
  }

  /** Which tests the contract has. */
  Set<String> tests(F flaw) {
    return methods(events(flaw).started());
  }

  private Events events(F flaw) {
    try {
      return requireNonNull(runs.get(flaw)).get(1, TimeUnit.MINUTES);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the run with " + flaw + " did not end", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private static Events run(Class<?> contract, Enum<?> flaw) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameter(FLAW, flaw.name())
        .selectors(selectClass(contract))
        .execute()
        .testEvents();
  }

  private static Set<String> methods(Events events) {
    return events.stream()
        .map(Event::getTestDescriptor)
        .flatMap(test -> test.getSource().stream())
        .map(source -> ((MethodSource) source).getMethodName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Gives the flaw to the contract's constructor. */
  static final class Flaw implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType().isEnum();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      String name = context.getConfigurationParameter(FLAW).orElseThrow();
      for (Object flaw : parameter.getParameter().getType().getEnumConstants()) {
        if (((Enum<?>) flaw).name().equals(name)) {
          return flaw;
        }
      }
      throw new IllegalStateException("no flaw " + name);
    }
  }
}

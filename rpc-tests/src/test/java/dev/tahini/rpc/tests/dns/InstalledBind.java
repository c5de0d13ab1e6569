package dev.tahini.rpc.tests.dns;

import dev.tahini.rpc.bind.BindServer;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips a test where BIND is not installed, and says what to install; under {@code CI=true} the
 * test runs all the same, and fails.
 */
final class InstalledBind implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<String> missing = BindServer.missing();
    return missing.isPresent() && !"true".equals(System.getenv("CI"))
        ? ConditionEvaluationResult.disabled(missing.get())
        : ConditionEvaluationResult.enabled("BIND is installed, or has to be");
  }
}

package dev.tahini.rpc.bind;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * On JUnit tests that start a {@link BindServer}: they are tagged "full", and skipped where BIND is
 * not installed, which says what to install; under {@code CI=true} they run all the same, and fail.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("full")
@ExtendWith(RequiresBind.Condition.class)
public @interface RequiresBind {

  /** Asks whether the programs are there. */
  final class Condition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      Optional<String> missing = BindServer.missing();
      return missing.isPresent() && !"true".equals(System.getenv("CI"))
          ? ConditionEvaluationResult.disabled(missing.get())
          : ConditionEvaluationResult.enabled("BIND is installed, or has to be");
    }
  }
}

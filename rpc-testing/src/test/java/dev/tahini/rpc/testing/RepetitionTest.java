package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;
import static org.junit.platform.launcher.TagFilter.excludeTags;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * All of the kit's own tests again and again, side by side: a kit that is not stable proves
 * nothing.
 */
@Tag("full")
class RepetitionTest {
  private static final String KIT = "dev.tahini.rpc.testing";

  @RepeatedTest(value = 50, failureThreshold = 1)
  void kitsTestsPassTimeAndAgain() {
    LauncherDiscoveryRequest everything =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage(KIT))
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
            .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
            .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .configurationParameter(
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "8")
            .filters(includeClassNamePatterns("[^$]*Test"), excludeTags("full"))
            .build();
    SummaryGeneratingListener heard = new SummaryGeneratingListener();

    LauncherFactory.create().execute(everything, heard);

    TestExecutionSummary summary = heard.getSummary();
    assertTrue(summary.getTestsSucceededCount() > 0, "no test was found");
    assertEquals(0, summary.getTotalFailureCount(), () -> failures(summary));
  }

  private static String failures(TestExecutionSummary summary) {
    StringWriter text = new StringWriter();
    summary.printFailuresTo(new PrintWriter(text, true));
    return text.toString();
  }
}

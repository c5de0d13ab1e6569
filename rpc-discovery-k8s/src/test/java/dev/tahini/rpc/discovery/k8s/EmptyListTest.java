package dev.tahini.rpc.discovery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tahini.rpc.Target;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EmptyListTest {

  private static @Nullable String why(String text, String... slices) {
    KubernetesTarget target = KubernetesTarget.of(Target.parse(text));
    SliceReader reader = new SliceReader(target);
    List<Slice> read = Arrays.stream(slices).map(SliceTexts::slice).map(reader::read).toList();
    return EmptyList.why(read, target);
  }

  @Test
  void serviceThatIsNotThereIsNamed() {
    assertEquals(
        "service greter.prod has no EndpointSlices (expected: a service of that name, with a"
            + " selector)",
        why("k8s:///greter.prod:grpc"));
  }

  @Test
  void serviceWithoutPodsNeedsNoReason() {
    assertNull(why("k8s:///greeter.prod:grpc", SliceTexts.ready("a", 1)));
  }

  @Test
  void otherPortsAreNamed() {
    assertEquals(
        "port: 81 (expected: one of [grpc (80)] of service greeter.prod)",
        why("k8s:///greeter.prod:81", SliceTexts.ready("a", 1, "10.0.0.1")));
  }

  @Test
  void otherFamilyIsNamed() {
    assertEquals(
        "family: v6 (expected: the other one, which the pods of service greeter.prod have)",
        why("k8s:///greeter.prod:grpc?family=v6", SliceTexts.ready("a", 1, "10.0.0.1")));
  }

  @Test
  void podsThatAreNotReadyAreCounted() {
    String notReady = "{'addresses':['10.0.0.1'],'conditions':{'ready':false}}";

    assertEquals(
        "service greeter.prod: none of its pods is ready (2 are not)",
        why("k8s:///greeter.prod:grpc", SliceTexts.ofEndpoints("a", 1, notReady, notReady)));
  }
}

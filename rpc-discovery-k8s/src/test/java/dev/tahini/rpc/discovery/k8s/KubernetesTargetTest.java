package dev.tahini.rpc.discovery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesTargetTest {
  static final List<String> BAD_TARGETS =
      List.of(
          "k8s:///greeter.prod:grpc?family=4",
          "k8s:///greeter.prod:grpc?srv=grpc",
          "k8s://10.0.0.1/greeter.prod:grpc",
          "k8s:///greeter.prod.example.com:grpc",
          "k8s:///greeter..svc:grpc",
          "k8s:///Greeter.prod:grpc",
          "k8s:///10.0.0.1:80",
          "k8s:///[::1]:80");

  @ParameterizedTest
  @FieldSource("BAD_TARGETS")
  void badTargetIsRefused(String text) {
    Target target = Target.parse(text);

    InvalidValueException error =
        assertThrows(InvalidValueException.class, () -> KubernetesTarget.of(target));

    assertTrue(String.valueOf(error.getMessage()).contains("(expected: "), error::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k8s:///greeter.prod:grpc",
        "kubernetes:///greeter.prod:grpc",
        "greeter.prod:grpc",
        "greeter.prod.svc:grpc",
        "greeter.prod.svc.cluster.local:grpc",
        "greeter.prod.svc.cluster.local.:grpc",
        "greeter.prod.svc.my-cluster.example:grpc"
      })
  void serviceIsNamedInManyWays(String text) {
    assertEquals(
        new KubernetesTarget("greeter", "prod", "grpc", Family.ONE),
        KubernetesTarget.of(Target.parse(text)));
  }

  @Test
  void namespaceAndPortMayBeLeftOut() {
    assertEquals(
        new KubernetesTarget("greeter", null, null, Family.ONE),
        KubernetesTarget.of(Target.parse("k8s:///greeter")));
  }

  @Test
  void portAndFamilyMayBeGiven() {
    assertEquals(
        new KubernetesTarget("greeter", "prod", "8080", Family.V6),
        KubernetesTarget.of(Target.parse("k8s:///greeter.prod:8080?family=v6")));
  }
}

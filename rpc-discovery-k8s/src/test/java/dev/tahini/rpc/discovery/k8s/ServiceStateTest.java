package dev.tahini.rpc.discovery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Endpoint.Condition;
import dev.tahini.rpc.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What the slices of a service say together. */
class ServiceStateTest {
  private static final SliceReader READER =
      new SliceReader(KubernetesTarget.of(Target.parse("k8s:///greeter.prod:grpc")));

  /** A change of one slice: its new state, or null if it is deleted. */
  record Change(String slice, List<String> endpoints, boolean isDeletion) {}

  @Test
  void terminatingEndpointsServeOnlyWhereNoneIsReady() {
    String going =
        "{'addresses':['10.0.0.1'],'conditions':{'ready':false,'serving':true,'terminating':true}}";
    ServiceState last = state(Map.of("a", SliceTexts.ofEndpoints("a", 1, going)));

    assertEquals(List.of("10.0.0.1:80 DRAINING"), texts(last.endpoints(Family.ONE)));
    assertEquals(
        List.of("10.0.0.2:80"),
        texts(last.with("b", slice(SliceTexts.ready("b", 2, "10.0.0.2"))).endpoints(Family.ONE)));
  }

  @Test
  void podInTwoSlicesIsOneEndpoint() {
    ServiceState both =
        state(
            Map.of(
                "a", SliceTexts.ready("a", 1, "10.0.0.1"),
                "b", SliceTexts.ready("b", 1, "10.0.0.1", "10.0.0.2")));

    assertEquals(List.of("10.0.0.1:80", "10.0.0.2:80"), texts(both.endpoints(Family.ONE)));
    assertEquals(List.of("10.0.0.1:80"), texts(both.without("b").endpoints(Family.ONE)));
  }

  @Test
  void podWithBothFamiliesIsOneBackend() {
    String v6 =
        "{'addressType':'IPv6','endpoints':[{'addresses':['fd00::1']}],"
            + "'ports':[{'name':'grpc','port':80}]}";
    ServiceState both = state(Map.of("a", SliceTexts.ready("a", 1, "10.0.0.1"), "b", v6));

    assertEquals(List.of("10.0.0.1:80"), texts(both.endpoints(Family.ONE)));
    assertEquals(List.of("10.0.0.1:80"), texts(both.endpoints(Family.V4)));
    assertEquals(List.of("[fd00::1]:80"), texts(both.endpoints(Family.V6)));
    assertEquals(List.of("[fd00::1]:80"), texts(both.without("a").endpoints(Family.ONE)));
  }

  @Test
  void drainingEndpointThatStandsTwiceServesIfOneSaysSo() {
    String going =
        "{'addresses':['10.0.0.1'],'conditions':{'ready':true,'serving':true,'terminating':true}}";
    ServiceState both =
        state(
            Map.of(
                "a", SliceTexts.ofEndpoints("a", 1, going),
                "b", SliceTexts.ready("b", 1, "10.0.0.1")));

    assertEquals(Condition.SERVING, both.endpoints(Family.ONE).get(0).condition());
  }

  /** In whatever order events came, twice or late but last in each slice's order, or by a list. */
  @Property(tries = 500)
  void listDependsOnTheLastStateOfEachSliceOnly(
      @ForAll("changes") List<Change> changes, @ForAll Random random) {
    Map<String, Slice> last = new HashMap<>();
    ServiceState applied = ServiceState.EMPTY;
    for (Change change : changes) {
      if (change.isDeletion()) {
        last.remove(change.slice());
        applied = applied.without(change.slice());
      } else {
        Slice slice = slice(SliceTexts.ofEndpoints("s", 1, endpoints(change)));
        last.put(change.slice(), slice);
        applied = applied.with(change.slice(), slice);
        if (random.nextBoolean()) {
          applied = applied.with(change.slice(), slice);
        }
      }
    }
    List<String> names = new ArrayList<>(last.keySet());
    Collections.shuffle(names, random);
    ServiceState shuffled = ServiceState.EMPTY;
    for (String name : names) {
      shuffled = shuffled.with(name, Objects.requireNonNull(last.get(name)));
    }
    List<Endpoint> relisted = ServiceState.of(last).endpoints(Family.ONE);

    assertEquals(relisted, applied.endpoints(Family.ONE));
    assertEquals(relisted, shuffled.endpoints(Family.ONE));
    assertEquals(
        relisted.size(),
        new HashSet<>(relisted.stream().map(Endpoint::address).toList()).size(),
        "an address stands twice");
  }

  /** None that is ready is missing, none that is not is listed while another is ready. */
  @Property(tries = 300)
  void allThatAreReadyAreListed(@ForAll("changes") List<Change> changes) {
    Map<String, Slice> last = new HashMap<>();
    Set<String> ready = new TreeSet<>();
    for (Change change : changes) {
      last.put(change.slice(), slice(SliceTexts.ofEndpoints("s", 1, endpoints(change))));
    }
    last.values()
        .forEach(
            slice ->
                slice.members().stream()
                    .filter(member -> member.use() == Slice.Use.READY)
                    .forEach(member -> ready.add(member.endpoint().addressText())));

    Set<String> listed =
        ServiceState.of(last).endpoints(Family.ONE).stream()
            .map(Endpoint::addressText)
            .collect(Collectors.toCollection(TreeSet::new));

    if (!ready.isEmpty()) {
      assertEquals(ready, listed);
    }
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<String> endpoint =
        Combinators.combine(
                Arbitraries.integers().between(1, 6),
                Arbitraries.of("true", "false", "null"),
                Arbitraries.of("true", "false", "null"),
                Arbitraries.of("true", "false", "null"))
            .as(
                (ip, ready, serving, terminating) ->
                    "{'addresses':['10.0.0.%d'],'conditions':{'ready':%s,'serving':%s,'terminating':%s}}"
                        .formatted(ip, ready, serving, terminating));
    return Combinators.combine(
            Arbitraries.of("a", "b", "c", "d"),
            endpoint.list().ofMaxSize(4),
            Arbitraries.of(true, false, false))
        .as(Change::new)
        .list()
        .ofMaxSize(12);
  }

  private static String[] endpoints(Change change) {
    return change.endpoints().toArray(String[]::new);
  }

  private static Slice slice(String json) {
    return READER.read(SliceTexts.slice(json));
  }

  private static ServiceState state(Map<String, String> slices) {
    Map<String, Slice> read = new HashMap<>();
    slices.forEach((name, json) -> read.put(name, slice(json)));
    return ServiceState.of(read);
  }

  private static List<String> texts(List<Endpoint> endpoints) {
    return endpoints.stream().map(Endpoint::toString).toList();
  }
}

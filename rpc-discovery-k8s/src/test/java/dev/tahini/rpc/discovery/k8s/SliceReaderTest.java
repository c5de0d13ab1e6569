package dev.tahini.rpc.discovery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Target;
import dev.tahini.rpc.discovery.k8s.Slice.Use;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SliceReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                     | READY       | SERVING",
        "{'ready':null}                                         | READY       | SERVING",
        "{'ready':true}                                         | READY       | SERVING",
        "{'ready':false}                                        | NOT         | SERVING",
        "{'ready':false,'serving':true,'terminating':true}      | TERMINATING | DRAINING",
        "{'ready':false,'serving':false,'terminating':true}     | NOT         | DRAINING",
        "{'ready':false,'terminating':true}                     | NOT         | DRAINING",
        "{'ready':false,'serving':true,'terminating':false}     | NOT         | SERVING",
        "{'ready':true,'serving':true,'terminating':true}       | READY       | DRAINING",
        "{'serving':true,'terminating':null}                    | READY       | SERVING"
      })
  void conditionsSayWhetherItIsUsed(String conditions, Use use, String condition) {
    Slice slice = read("grpc", "{'addresses':['10.0.0.1'],'conditions':" + conditions + "}");

    assertEquals(use, slice.members().get(0).use());
    assertEquals(condition, slice.members().get(0).endpoint().condition().name());
  }

  @Test
  void endpointWithoutConditionsIsReady() {
    assertEquals(Use.READY, read("grpc", "{'addresses':['10.0.0.1']}").members().get(0).use());
  }

  @Test
  void nameZoneNodeAndHintsAreCarried() {
    Slice slice =
        read(
            "grpc",
            "{'addresses':['10.0.0.1','10.0.0.9'],'zone':'z1','nodeName':'n1','hostname':'h1',"
                + "'targetRef':{'kind':'Pod','name':'greeter-0'},"
                + "'hints':{'forZones':[{'name':'z1'},{'name':'z2'}]}}");

    assertEquals(
        "10.0.0.1:80 zone=z1 name=greeter-0 {node=n1, forZones=z1,z2}",
        slice.members().get(0).endpoint().toString());
    assertEquals(1, slice.members().size(), "an endpoint is one backend, by its first address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'addresses':['greeter.example']}",
        "{'addresses':['fd00::1']}",
        "{'addresses':['999.0.0.1']}",
        "{'addresses':[]}",
        "{'addresses':[null]}",
        "{'addresses':null}",
        "{}",
        "null"
      })
  void whatHasNoAddressIsLeftOut(String endpoint) {
    assertEquals(List.of(), read("grpc", endpoint).members());
  }

  @ParameterizedTest
  @CsvSource({"grpc,80", "80,80", "admin,81", "81,81"})
  void portIsFoundByNameOrNumber(String port, int number) {
    assertEquals(
        "10.0.0.1:" + number,
        new SliceReader(KubernetesTarget.of(Target.parse("k8s:///greeter.prod:" + port)))
            .read(twoPorts())
            .members()
            .get(0)
            .endpoint()
            .addressText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8080 | [{}]              | [10.0.0.1:8080]",
        "8080 | [{'port':null}]   | [10.0.0.1:8080]",
        "grpc | [{'name':'grpc'}] | [] [no port at all]",
        "8080 | []                | [] [no port at all]",
        "8080 | null              | [] [no port at all]"
      })
  void portWithoutANumberStandsForAll(String port, String ports, String expected) {
    Slice slice =
        new SliceReader(KubernetesTarget.of(Target.parse("k8s:///greeter.prod:" + port)))
            .read(
                SliceTexts.slice(
                    "{'addressType':'IPv4','endpoints':[{'addresses':['10.0.0.1']}],'ports':"
                        + ports
                        + "}"));

    String members = slice.members().stream().map(m -> m.endpoint().toString()).toList().toString();
    assertEquals(
        expected, slice.otherPorts().isEmpty() ? members : members + " " + slice.otherPorts());
  }

  @Test
  void otherPortsAreNamedWhereTheTargetsIsMissing() {
    Slice slice =
        new SliceReader(KubernetesTarget.of(Target.parse("k8s:///greeter.prod:web")))
            .read(twoPorts());

    assertEquals(List.of(), slice.members());
    assertEquals(Set.of("admin (81)", "grpc (80)"), slice.otherPorts());
  }

  @Test
  void portMayBeMissingWhereThereIsOne() {
    assertEquals(1, read(null, "{'addresses':['10.0.0.1']}").members().size());
    assertEquals(
        List.of(),
        new SliceReader(KubernetesTarget.of(Target.parse("k8s:///greeter.prod")))
            .read(twoPorts())
            .members());
  }

  @Test
  void udpIsNoPort() {
    SliceJson slice =
        SliceTexts.slice(
            "{'addressType':'IPv4','endpoints':[{'addresses':['10.0.0.1']}],"
                + "'ports':[{'name':'grpc','port':80,'protocol':'UDP'},{'name':'x','port':null}]}");

    assertEquals(
        List.of(),
        new SliceReader(KubernetesTarget.of(Target.parse("k8s:///a.b:grpc")))
            .read(slice)
            .members());
  }

  @Test
  void slicesOfNamesAreSkipped() {
    SliceJson slice =
        SliceTexts.slice(
            "{'addressType':'FQDN','endpoints':[{'addresses':['a.example']}],"
                + "'ports':[{'name':'grpc','port':80}]}");

    Slice read = new SliceReader(KubernetesTarget.of(Target.parse("k8s:///a.b:grpc"))).read(slice);

    assertEquals(new Slice(false, List.of(), Set.of()), read);
  }

  private static SliceJson twoPorts() {
    return SliceTexts.slice(
        "{'addressType':'IPv4','endpoints':[{'addresses':['10.0.0.1']}],'ports':["
            + "{'name':'grpc','port':80},{'name':'admin','port':81,'appProtocol':'unknown'}]}");
  }

  private static Slice read(@Nullable String port, String endpoint) {
    String target = "k8s:///greeter.prod" + (port == null ? "" : ":" + port);
    return new SliceReader(KubernetesTarget.of(Target.parse(target)))
        .read(SliceTexts.slice(SliceTexts.ofEndpoints("s", 1, endpoint)));
  }
}

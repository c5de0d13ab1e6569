package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.SRVRecord;

class ServiceTargetTest {
  @Test
  void equalNumbersOfAddressesHaveTheTargetsWeights() {
    assertEquals(
        List.of(3, 7), weights(ServiceTarget.endpoints(List.of(target(3, 1), target(7, 1)))));
  }

  @ParameterizedTest
  @CsvSource({"10, 1, 10, 2", "6, 2, 3, 1", "100, 4, 50, 1", "1, 1, 1, 4", "0, 1, 0, 2"})
  void moreAddressesBringNoMoreCalls(int weight, int addresses, int otherWeight, int others) {
    List<Endpoint> endpoints =
        ServiceTarget.endpoints(List.of(target(weight, addresses), target(otherWeight, others)));

    long sum = sum(endpoints.subList(0, addresses));
    long otherSum = sum(endpoints.subList(addresses, addresses + others));
    assertEquals((double) Math.max(1, weight) / Math.max(1, otherWeight), (double) sum / otherSum);
  }

  @Test
  void weightOfZeroIsTheLeast() {
    assertEquals(
        List.of(1, 100), weights(ServiceTarget.endpoints(List.of(target(0, 1), target(100, 1)))));
  }

  @Test
  void greatestWeightWithManyAddressesBesideOneFits() {
    List<Endpoint> endpoints =
        ServiceTarget.endpoints(List.of(target(65_535, 1), target(65_535, 250)));

    assertEquals(65_535 * 250, endpoints.get(0).weight());
  }

  @Test
  void groupOfNoneHasNoEndpoints() {
    assertEquals(List.of(), ServiceTarget.endpoints(List.of()));
  }

  private static long sum(List<Endpoint> endpoints) {
    return endpoints.stream().mapToLong(Endpoint::weight).sum();
  }

  private static List<Integer> weights(List<Endpoint> endpoints) {
    return endpoints.stream().map(Endpoint::weight).toList();
  }

  private static ServiceTarget target(int weight, int addresses) {
    SRVRecord record =
        (SRVRecord) Replies.records("_grpc._tcp.test. 9 SRV 0 " + weight + " 80 a.test.").get(0);
    return new ServiceTarget(
        record, IntStream.range(0, addresses).mapToObj(ServiceTargetTest::address).toList());
  }

  private static InetAddress address(int number) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}

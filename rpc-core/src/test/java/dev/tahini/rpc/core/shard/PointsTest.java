package dev.tahini.rpc.core.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PointsTest {

  private record Point(long hash, int owner) {}

  private static Points points(List<Point> list) {
    Points points = new Points(list.size());
    list.forEach(point -> points.add(point.hash(), point.owner()));
    return points;
  }

  private static Points sorted(Point... list) {
    Points points = points(List.of(list));
    points.sort();
    return points;
  }

  private static List<Point> list(Points points) {
    return IntStream.range(0, points.size())
        .mapToObj(i -> new Point(points.hash(i), points.owner(i)))
        .toList();
  }

  @Property(tries = 200)
  void sortIsUnsignedAndStable(@ForAll List<Long> wide, @ForAll List<Byte> narrow) {
    List<Point> expected = new ArrayList<>();
    wide.forEach(hash -> expected.add(new Point(hash, expected.size())));
    narrow.forEach(hash -> expected.add(new Point(hash, expected.size())));
    Points points = points(expected);

    points.sort();

    expected.sort(Comparator.comparing(Point::hash, Long::compareUnsigned));
    assertEquals(expected, list(points));
  }

  @Test
  void lastOfEqualIsKept() {
    Points points = sorted(new Point(7, 0), new Point(-1, 1), new Point(7, 2), new Point(7, 3));

    points.keepLastOfEqual();

    assertEquals(List.of(new Point(7, 3), new Point(-1, 1)), list(points));
  }

  @Test
  void firstOfEqualIsFound() {
    Points points = sorted(new Point(7, 0), new Point(7, 1), new Point(-9, 2));

    assertEquals(0, points.firstAtOrAfter(0));
    assertEquals(0, points.firstAtOrAfter(7));
    assertEquals(2, points.firstAtOrAfter(8));
    assertEquals(2, points.firstAtOrAfter(-9));
    assertEquals(0, points.firstAtOrAfter(-8));
  }

  @Test
  void shareIsTheArcBeforeAPoint() {
    Points points = sorted(new Point(0, 1), new Point(1L << 62, 0), new Point(1L << 63, 1));

    assertArrayEquals(new double[] {0.25, 0.75, 0}, points.shares(KeyHash.XXH64, 3));
  }

  @Test
  void onlyPointHasTheWholeCircle() {
    assertArrayEquals(new double[] {1}, sorted(new Point(7, 0)).shares(KeyHash.XXH64, 1));
  }

  @Test
  void firstOfPointsInOnePlaceHasTheWholeCircle() {
    Points points = sorted(new Point(7, 1), new Point(7, 0));

    assertArrayEquals(new double[] {0, 1}, points.shares(KeyHash.XXH64, 2));
  }
}

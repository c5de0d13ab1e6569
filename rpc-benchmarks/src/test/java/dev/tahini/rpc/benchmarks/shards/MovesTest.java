package dev.tahini.rpc.benchmarks.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class MovesTest {
  private static final Fleet FLEET = Fleet.of(0, 3);
  private static final List<Endpoint> THREE = FLEET.endpoints();

  @Test
  void anotherIndexOfTheSameBackendIsNoMove() {
    Moves moves = new Moves(THREE, FLEET.without(0));

    assertEquals(0, moves.needless(new int[] {1, 2}, new int[] {0, 1}));
  }

  @Test
  void aMoveFromOneThatIsGoneIsNeeded() {
    Moves moves = new Moves(THREE, FLEET.without(0));

    assertEquals(0, moves.needless(new int[] {0, 0}, new int[] {0, 1}));
  }

  @Test
  void aMoveToOneThatIsNewIsNeeded() {
    List<Endpoint> four = FLEET.withSpare();
    int spare = four.indexOf(FLEET.spare());

    assertEquals(0, new Moves(THREE, four).needless(new int[] {0, 2}, new int[] {spare, spare}));
  }

  @Test
  void aMoveBetweenTwoThatStayIsNeedless() {
    Moves moves = new Moves(THREE, FLEET.without(0));

    assertEquals(0.25, moves.needless(new int[] {1, 1, 2, 0}, new int[] {0, 1, 1, 1}));
  }

  @Test
  void aMoveToAHeavierOneIsNeededAndOneFromItNeedless() {
    Moves moves = new Moves(THREE, FLEET.reweighted(1, 2));

    assertEquals(0, moves.needless(new int[] {0, 2}, new int[] {1, 1}));
    assertEquals(1, moves.needless(new int[] {1, 1}, new int[] {0, 2}));
  }
}

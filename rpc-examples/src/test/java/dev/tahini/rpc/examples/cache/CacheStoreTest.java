package dev.tahini.rpc.examples.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CacheStoreTest {

  @Test
  void theLeastRecentlyUsedEntryMakesRoom() {
    CacheStore<String> store = new CacheStore<>(2);
    store.put("a", "1");
    store.put("b", "2");
    assertEquals(Optional.of("1"), store.get("a"));

    store.put("c", "3");

    assertEquals(Optional.empty(), store.get("b"));
    assertEquals(Optional.of("1"), store.get("a"));
    assertEquals(Optional.of("3"), store.get("c"));
  }

  @Test
  void aCacheWithoutRoomIsRefused() {
    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> new CacheStore<String>(0));
    assertEquals("maxEntries: 0 (expected: 1 or more)", refused.getMessage());
  }

  /** Each letter of the script uses a key: a capital puts, a small one gets. */
  @Property
  void anyOrderOfPutsAndGetsIsAsInASlowAndSimpleCache(
      @ForAll @IntRange(min = 1, max = 5) int maxEntries,
      @ForAll
          List<
                  @StringLength(1) @CharRange(from = 'a', to = 'h') @CharRange(from = 'A', to = 'H')
                  String>
              script) {
    CacheStore<Integer> store = new CacheStore<>(maxEntries);
    Map<String, Integer> values = new HashMap<>();
    Deque<String> byUse = new ArrayDeque<>();
    int step = 0;
    for (String letter : script) {
      String key = letter.toLowerCase(Locale.ROOT);
      step++;
      if (letter.equals(key)) {
        assertEquals(Optional.ofNullable(values.get(key)), store.get(key));
      } else {
        store.put(key, step);
        values.put(key, step);
      }
      if (values.containsKey(key)) {
        byUse.remove(key);
        byUse.addLast(key);
      }
      if (values.size() > maxEntries) {
        values.remove(byUse.removeFirst());
      }
      assertEquals(values.size(), store.size());
      assertTrue(store.size() <= maxEntries);
    }
  }
}

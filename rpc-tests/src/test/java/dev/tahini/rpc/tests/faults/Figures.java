package dev.tahini.rpc.tests.faults;

import com.google.common.base.Splitter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a program has measured: a line such as {@code heap=12 threads=3}. */
record Figures(Map<String, String> byName) {

  static Figures parse(String line) {
    return new Figures(
        new LinkedHashMap<>(Splitter.on(' ').withKeyValueSeparator('=').split(line)));
  }

  long of(String name) {
    String figure = byName.get(name);
    if (figure == null) {
      throw new AssertionError(name + ": missing (expected: among " + byName + ")");
    }
    return Long.parseLong(figure);
  }

  @Override
  public String toString() {
    return byName.toString();
  }
}

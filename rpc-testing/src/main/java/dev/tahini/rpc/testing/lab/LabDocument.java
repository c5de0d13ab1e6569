package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.InvalidValueException;

/**
 * A document with the scenarios' tables in it, each between {@code <!-- table: black-hole -->} and
 * {@code <!-- end -->}.
 */
final class LabDocument {
  private static final String END = "<!-- end -->";

  private LabDocument() {}

  /**
   * The document with one table renewed.
   *
   * @throws InvalidValueException if it has no place for the table
   */
  static String with(String document, Scenario scenario, String table) {
    String mark = "<!-- table: " + scenario.id() + " -->";
    int start = document.indexOf(mark);
    int end = document.indexOf(END, Math.max(start, 0));
    if (start < 0 || end < 0) {
      throw new InvalidValueException("document", mark, "in it, and after it " + END);
    }
    return document.substring(0, start + mark.length())
        + "\n\n"
        + table
        + "\n"
        + document.substring(end);
  }
}

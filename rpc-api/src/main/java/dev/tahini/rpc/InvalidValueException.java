package dev.tahini.rpc;

import org.jspecify.annotations.Nullable;

/**
 * A value that a user gave is not one that can be used. The message has the form {@code name: value
 * (expected: ...)}.
 */
public final class InvalidValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;
  private static final int LONGEST_QUOTE = 200;

  private final String complaint;

  /**
   * Says which value is wrong and what would be right.
   *
   * @param name what the value is, such as {@code "target"} or {@code "weight"}
   * @param value the offending value; printed, shortened past 200 characters
   * @param expected what would have been accepted, in words
   */
  public InvalidValueException(String name, @Nullable Object value, String expected) {
    super(name + ": " + quote(value) + " (expected: " + expected + ")");
    this.complaint = name + " " + quote(value) + " is not " + expected;
  }

  /**
   * Says which value is wrong because of a part of it, and what would be right.
   *
   * @param name what the value is, such as {@code "target"}
   * @param value the offending value; printed, shortened past 200 characters
   * @param expected what would have been accepted, in words
   * @param part what is wrong in it; the message says that first
   */
  public InvalidValueException(
      String name, @Nullable Object value, String expected, InvalidValueException part) {
    super(name + ": " + quote(value) + ": " + part.complaint + " (expected: " + expected + ")");
    this.complaint = name + " " + quote(value) + ": " + part.complaint;
    initCause(part);
  }

  private static String quote(@Nullable Object value) {
    String text = String.valueOf(value);
    if (text.isBlank()) {
      return '"' + text + '"';
    }
    return text.length() <= LONGEST_QUOTE
        ? text
        : text.substring(0, LONGEST_QUOTE) + "... (" + text.length() + " characters)";
  }
}

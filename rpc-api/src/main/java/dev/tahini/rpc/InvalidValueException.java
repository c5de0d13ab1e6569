package dev.tahini.rpc;

import org.jspecify.annotations.Nullable;

/**
 * A value that a user gave is not one that can be used. The message has the form {@code name: value
 * (expected: ...)}.
 */
public final class InvalidValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;
  private static final int LONGEST_QUOTE = 200;

  /**
   * Says which value is wrong and what would be right.
   *
   * @param name what the value is, such as {@code "target"} or {@code "weight"}
   * @param value the offending value; printed, shortened past 200 characters
   * @param expected what would have been accepted, in words
   */
  public InvalidValueException(String name, @Nullable Object value, String expected) {
    super(name + ": " + quote(value) + " (expected: " + expected + ")");
  }

  /**
   * Says which value is wrong because of a part of it, and what would be right.
   *
   * @param name what the value is, such as {@code "target"}
   * @param value the offending value; printed, shortened past 200 characters
   * @param expected what would have been accepted, in words
   * @param part what is wrong in it; its message is put first
   */
  public InvalidValueException(
      String name, @Nullable Object value, String expected, InvalidValueException part) {
    super(name + ": " + quote(value) + ": " + part.getMessage() + " (expected: " + expected + ")");
    initCause(part);
  }

  private static String quote(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= LONGEST_QUOTE
        ? text
        : text.substring(0, LONGEST_QUOTE) + "... (" + text.length() + " characters)";
  }
}

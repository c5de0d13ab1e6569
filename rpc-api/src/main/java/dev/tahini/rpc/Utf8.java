package dev.tahini.rpc;

/**
 * Text that other languages can hash: what UTF-8 cannot encode would silently become something
 * else.
 */
final class Utf8 {
  private Utf8() {}

  /**
   * Checks a text.
   *
   * @throws InvalidValueException naming it, if a surrogate has no partner
   */
  static void require(String name, String text) {
    boolean high = false;
    for (int i = 0; i <= text.length(); i++) {
      char next = i < text.length() ? text.charAt(i) : 0;
      if (high != Character.isLowSurrogate(next)) {
        throw new InvalidValueException(
            name, text, "text that has a UTF-8 form: no surrogate without its partner");
      }
      high = Character.isHighSurrogate(next);
    }
  }
}

package dev.tahini.rpc.debug.http;

/** What somebody sent, fit to be shown in a message. */
final class Shown {
  private static final int LONGEST = 100;

  private Shown() {}

  static String of(String value) {
    String cut = value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "...";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}

package dev.tahini.rpc.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;

/** The parameters of a request. Immutable. */
record Query(Map<String, String> parameters) {
  static Query parse(String text) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.putIfAbsent(URLDecoder.decode(name, UTF_8), URLDecoder.decode(value, UTF_8));
    }
    return new Query(Map.copyOf(parameters));
  }

  Verb verb() {
    return isSet("watch") ? Verb.WATCH : Verb.LIST;
  }

  /** Whether it is there as {@code true} or {@code 1}. */
  boolean isSet(String name) {
    String value = text(name);
    return value.equals("true") || value.equals("1");
  }

  /** Empty if it is not there. */
  String text(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** 0 if it is not there. */
  long number(String name) throws Refusal {
    String value = text(name);
    try {
      long number = value.isEmpty() ? 0 : Long.parseLong(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a negative one.
    }
    throw new Refusal(
        ApiStatus.badRequest(name + ": Invalid value: \"" + value + "\": invalid syntax"));
  }
}

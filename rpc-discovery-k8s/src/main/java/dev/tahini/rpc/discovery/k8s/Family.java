package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.InvalidValueException;
import org.jspecify.annotations.Nullable;

/** Which slices of a service count, by the type of their addresses. */
enum Family {
  V4,
  V6,
  /** IPv4 where the service has any, else IPv6: a pod with both is one backend. */
  ONE;

  static Family parse(@Nullable String text) {
    if (text == null) {
      return ONE;
    }
    return switch (text) {
      case "v4" -> V4;
      case "v6" -> V6;
      default ->
          throw new InvalidValueException(
              "family", text, "v4 or v6; if not given, v4 where there are such addresses");
    };
  }
}

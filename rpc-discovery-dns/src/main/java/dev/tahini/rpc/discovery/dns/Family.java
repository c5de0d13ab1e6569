package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.InvalidValueException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/** Which addresses of a host are its backends. */
enum Family {
  V4,
  V6,
  BOTH;

  /** The types of the records to ask for. */
  List<Integer> types() {
    return switch (this) {
      case V4 -> List.of(Type.A);
      case V6 -> List.of(Type.AAAA);
      case BOTH -> List.of(Type.A, Type.AAAA);
    };
  }

  boolean has(InetAddress address) {
    return this == BOTH || (this == V4) == (address instanceof Inet4Address);
  }

  static Family parse(@Nullable String text) {
    if (text == null) {
      return BOTH;
    }
    return switch (text) {
      case "v4" -> V4;
      case "v6" -> V6;
      default -> throw new InvalidValueException("family", text, "v4 or v6; both if not given");
    };
  }
}

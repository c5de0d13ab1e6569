package dev.tahini.rpc.bind;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What {@code named} is told, as text.
 *
 * @param token what it answers to {@code version.bind}, by which a stranger on the port is told
 *     apart
 * @param zones those it has data of
 * @param broken those it is to have data of, but whose file is missing
 */
record Configuration(String token, List<String> zones, List<String> broken) {
  /**
   * Settings that not every version knows. The first two lift the limits of 9.18.28 and later on
   * the size of an RRset. Without the last, two servers could share a port.
   */
  static final List<String> OPTIONAL =
      List.of("max-records-per-type 0;", "max-types-per-name 0;", "reuseport no;");

  private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

  Configuration {
    zones = List.copyOf(zones);
    broken = List.copyOf(broken);
    Set<String> all = new LinkedHashSet<>();
    zones.forEach(zone -> check(zone, all));
    broken.forEach(zone -> check(zone, all));
    if (zones.isEmpty()) {
      throw new IllegalArgumentException("zones: [] (expected: one or more)");
    }
  }

  private static void check(String zone, Set<String> before) {
    if (!ZONE.matcher(zone).matches()) {
      throw new IllegalArgumentException(
          "zone: " + zone + " (expected: labels with dots between them, such as prod.test)");
    }
    if (!before.add(zone)) {
      throw new IllegalArgumentException("zone: " + zone + " (expected: each zone once)");
    }
  }

  /** The file {@code named.conf}. */
  String namedConf(Path folder, int port, List<String> optional) {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        options {
          directory "%s";
          session-keyfile "%s";
          listen-on port %d { 127.0.0.1; };
          listen-on-v6 { none; };
          allow-query { any; };
          recursion no;
          notify no;
          dnssec-validation no;
          empty-zones-enable no;
          minimal-responses no;
          rrset-order { order cyclic; };
          version "%s";
          pid-file none;
        """
            .formatted(folder, folder.resolve("session.key"), port, token));
    optional.forEach(setting -> text.append("  ").append(setting).append('\n'));
    text.append("};\ncontrols { };\n");
    // A line per record changed: nsupdate says what failed.
    text.append("logging { category update { null; }; };\n");
    zones.forEach(zone -> text.append(zone(zone)));
    broken.forEach(zone -> text.append(zone(zone)));
    return text.toString();
  }

  private static String zone(String zone) {
    return """
    zone "%s" {
      type master;
      file "%s";
      allow-update { 127.0.0.1; };
      check-names ignore;
      check-integrity no;
    };
    """
        .formatted(zone, fileOf(zone));
  }

  /** The name of a zone's file in the folder. */
  static String fileOf(String zone) {
    return zone + ".zone";
  }

  /** An empty zone; that a name does not exist holds for a second. */
  static String emptyZone() {
    return """
    $TTL 1
    @ IN SOA ns.invalid. root.invalid. 1 3600 600 86400 1
    @ IN NS ns.invalid.
    """;
  }
}

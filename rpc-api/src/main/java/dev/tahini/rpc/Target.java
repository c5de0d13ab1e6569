package dev.tahini.rpc;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client calls, in the one grammar of this library: {@code
 * [scheme://[authority]/]host[:port][?key=value&...]}. The port is a number, a name or absent.
 * Under the scheme {@code static} a comma-separated list of {@code host[:port]} stands in the
 * host's place.
 *
 * <p>Examples: {@code greeter.prod:grpc}, {@code k8s:///greeter.prod:grpc}, {@code
 * dns://10.0.0.2:53/greeter.prod:8080?family=v4}, {@code static:///10.0.0.1:80,[::1]:80}.
 *
 * <p>A target without a scheme goes to the discovery that the environment installed. Immutable.
 *
 * @param scheme the {@linkplain Discovery#schemes scheme} that names a discovery, in lower case, or
 *     null for the environment's
 * @param authority what stands between {@code //} and {@code /}, such as a DNS server; mostly empty
 * @param hosts one host; several only under {@code static}
 * @param options the query, in the order given; keys are unique
 */
public record Target(
    @Nullable String scheme, String authority, List<HostPort> hosts, Map<String, String> options) {

  /** The scheme under which a target lists its endpoints itself. */
  public static final String STATIC_SCHEME = "static";

  private static final String GRAMMAR =
      "[scheme://[authority]/]host[:port][?key=value&...], or static:///host:port,host:port";
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");
  private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z0-9_.:\\[\\],-]*");
  private static final Pattern SERVICE_LABELS = Pattern.compile("^_[^.]+\\._[^.]+\\.(?=[^.])");
  private static final Pattern OPTION_KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");
  private static final Pattern OPTION_VALUE = Pattern.compile("[A-Za-z0-9_.,:/@~+-]*");

  /**
   * Checks and copies the parts.
   *
   * @throws InvalidValueException if a part cannot be written in the grammar
   */
  public Target {
    hosts = List.copyOf(hosts);
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    require(
        scheme == null || SCHEME.matcher(scheme).matches(), "scheme", scheme, "a name such as dns");
    require(AUTHORITY.matcher(authority).matches(), "authority", authority, "host[:port]");
    require(scheme != null || authority.isEmpty(), "authority", authority, "none without a scheme");
    require(!hosts.isEmpty(), "hosts", hosts, "at least one");
    require(
        hosts.size() == 1 || STATIC_SCHEME.equals(scheme),
        "hosts",
        hosts,
        "one host; a list only under static:///");
    options.forEach(
        (key, value) -> {
          require(OPTION_KEY.matcher(key).matches(), "option", key, "a name such as family");
          require(
              OPTION_VALUE.matcher(value).matches(), key, value, "letters, digits and _.,:/@~+-");
        });
  }

  /**
   * Reads a target.
   *
   * @param text what to read, such as {@code "greeter.prod:8080"}
   * @return its parts
   * @throws InvalidValueException naming the text, its wrong part and the grammar
   */
  public static Target parse(String text) {
    requireNonNull(text, "target");
    try {
      return parseParts(text);
    } catch (InvalidValueException e) {
      throw new InvalidValueException("target", text, GRAMMAR, e);
    }
  }

  private static Target parseParts(String text) {
    int query = text.indexOf('?');
    String body = query < 0 ? text : text.substring(0, query);
    Map<String, String> options = query < 0 ? Map.of() : parseOptions(text.substring(query + 1));
    int colon = body.indexOf("://");
    if (colon < 0) {
      require(!body.contains(","), "host", body, "one host: a list needs static:/// before it");
      return new Target(null, "", List.of(HostPort.parse(body)), options);
    }
    String scheme = body.substring(0, colon).toLowerCase(Locale.ROOT);
    int slash = body.indexOf('/', colon + 3);
    require(slash > 0, "beginning", body, "scheme:///host, with a third slash");
    String authority = body.substring(colon + 3, slash);
    String path = body.substring(slash + 1);
    List<HostPort> hosts = new ArrayList<>();
    for (String host : scheme.equals(STATIC_SCHEME) ? path.split(",", -1) : new String[] {path}) {
      hosts.add(HostPort.parse(host.strip()));
    }
    return new Target(scheme, authority, hosts, options);
  }

  private static Map<String, String> parseOptions(String query) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String option : query.split("&", -1)) {
      int equals = option.indexOf('=');
      require(equals > 0, "option", option, "key=value");
      String previous = options.put(option.substring(0, equals), option.substring(equals + 1));
      require(previous == null, "option", option, "given once for each key");
    }
    return options;
  }

  private static void require(boolean holds, String name, @Nullable Object value, String expected) {
    if (!holds) {
      throw new InvalidValueException(name, value, expected);
    }
  }

  /**
   * The host: the only one, or the first of a static list.
   *
   * @return the first of {@link #hosts()}
   */
  public HostPort host() {
    return hosts.get(0);
  }

  /**
   * What the servers of this target are called in TLS and in the {@code :authority} header unless
   * the user says otherwise: the host, with the port only where it is a number, and without the
   * labels of a service ({@code _grpc._tcp.}), which no certificate has.
   *
   * @return such as {@code "greeter.prod:8080"}; of a static list the first host's
   */
  public String serviceAuthority() {
    String host = SERVICE_LABELS.matcher(host().host()).replaceFirst("");
    return new HostPort(host, host().hasNumericPort() ? host().port() : null).toString();
  }

  /** The text that {@link #parse} reads. */
  @Override
  public String toString() {
    String path = hosts.stream().map(HostPort::toString).collect(Collectors.joining(","));
    String query =
        options.entrySet().stream()
            .map(option -> option.getKey() + "=" + option.getValue())
            .collect(Collectors.joining("&"));
    return (scheme == null ? "" : scheme + "://" + authority + "/")
        + path
        + (query.isEmpty() ? "" : "?" + query);
  }
}

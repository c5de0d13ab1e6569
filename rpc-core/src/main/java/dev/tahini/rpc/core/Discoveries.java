package dev.tahini.rpc.core;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which discovery serves a target. Immutable. */
final class Discoveries {
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");

  private final Map<String, Discovery> byScheme = new LinkedHashMap<>();
  private final @Nullable Discovery ofEnvironment;

  /**
   * The discoveries of an environment; {@code static:///} targets work without any.
   *
   * @throws InvalidValueException if two claim one scheme, or several are installed and not exactly
   *     one is the default
   */
  Discoveries(Collection<InstalledDiscovery> installed, Sources sources) {
    for (InstalledDiscovery each : installed) {
      addSchemes(each.discovery());
    }
    byScheme.computeIfAbsent(
        Target.STATIC_SCHEME, scheme -> new StaticDiscovery(Map.of(), sources));
    this.ofEnvironment = ofEnvironment(installed);
  }

  private void addSchemes(Discovery discovery) {
    Set<String> schemes = discovery.schemes();
    if (schemes == null || schemes.isEmpty()) {
      throw new InvalidValueException("schemes", schemes, "at least one, of " + discovery);
    }
    for (String scheme : schemes) {
      if (scheme == null || !SCHEME.matcher(scheme).matches()) {
        throw new InvalidValueException(
            "scheme", scheme, "lower-case letters, digits and +.-, of " + discovery);
      }
      Discovery other = byScheme.put(scheme, discovery);
      if (other != null) {
        throw new InvalidValueException(
            "scheme", scheme, "that of one discovery, not both " + other + " and " + discovery);
      }
    }
  }

  private static @Nullable Discovery ofEnvironment(Collection<InstalledDiscovery> installed) {
    List<InstalledDiscovery> candidates =
        installed.size() == 1
            ? List.copyOf(installed)
            : installed.stream().filter(InstalledDiscovery::isDefault).toList();
    if (candidates.size() > 1 || (candidates.isEmpty() && !installed.isEmpty())) {
      throw new InvalidValueException(
          "discoveries",
          installed.stream().map(each -> each.discovery().schemes()).toList(),
          "one of several marked as the default by .asDefault(); marked are " + candidates.size());
    }
    return candidates.isEmpty() ? null : candidates.get(0).discovery();
  }

  /**
   * The discovery of a target.
   *
   * @throws InvalidValueException if none serves its scheme, or it has none and neither has the
   *     environment
   */
  Discovery of(Target target) {
    String scheme = target.scheme();
    Discovery discovery = scheme == null ? ofEnvironment : byScheme.get(scheme);
    if (discovery == null) {
      throw new InvalidValueException(
          "target",
          target,
          scheme == null
              ? "static:///" + target + ", or an installed discovery for targets without a scheme"
              : "one of the schemes " + byScheme.keySet() + "; is its discovery installed?");
    }
    return discovery;
  }
}

package dev.tahini.rpc;

import static java.util.Objects.requireNonNull;

/**
 * A discovery that the environment offers, as a module installs it: Guice modules add one to the
 * {@code Multibinder} of this type. Of several, exactly one must be the default. Immutable.
 *
 * @param discovery the discovery; serves the targets that name one of its schemes
 * @param isDefault whether it also serves the targets without a scheme, though others are installed
 */
public record InstalledDiscovery(Discovery discovery, boolean isDefault) {

  /** Checks that there is a discovery. */
  public InstalledDiscovery {
    requireNonNull(discovery, "discovery");
  }
}

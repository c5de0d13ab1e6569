package dev.tahini.rpc.benchmarks.discovery;

import java.util.Locale;

/** Whose client looks the backends up. */
public enum DiscoveryContender {
  /** With this project's DNS discovery as it comes. */
  TAHINI,
  /** Bare gRPC with its own DNS resolver. */
  ROUND_ROBIN;

  /** The name in tables and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

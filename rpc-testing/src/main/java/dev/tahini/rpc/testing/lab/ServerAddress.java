package dev.tahini.rpc.testing.lab;

import java.net.SocketAddress;

/** Where a model server listens: its name. Immutable. */
final class ServerAddress extends SocketAddress {
  private static final long serialVersionUID = 1;

  private final String name;

  ServerAddress(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ServerAddress that && that.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** The name: what {@code Endpoint.addressText} gives and {@code Pick.address} takes. */
  @Override
  public String toString() {
    return name;
  }
}

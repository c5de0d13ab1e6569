package dev.tahini.rpc.discovery.k8s;

import org.jspecify.annotations.Nullable;

/**
 * The connection of a discovery, which is there only as long as anybody watches. Thread-safe, by
 * its monitor.
 */
final class SharedConnection {
  private @Nullable ApiConnection connection;
  private int users;

  synchronized ApiConnection acquire(Credentials credentials) {
    ApiConnection current = connection;
    if (current == null) {
      current = new ApiConnection(credentials);
      connection = current;
    }
    users++;
    return current;
  }

  synchronized void release() {
    if (--users == 0 && connection != null) {
      connection.close();
      connection = null;
    }
  }
}

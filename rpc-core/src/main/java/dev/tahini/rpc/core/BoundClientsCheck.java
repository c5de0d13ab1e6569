package dev.tahini.rpc.core;

import jakarta.inject.Inject;
import java.util.Set;

/** Looks at all bound clients when the injector is made. */
final class BoundClientsCheck {

  @Inject
  BoundClientsCheck(RpcClients clients, Set<RpcBinder.BoundClient> bound) {
    bound.forEach(client -> client.check(clients));
  }
}

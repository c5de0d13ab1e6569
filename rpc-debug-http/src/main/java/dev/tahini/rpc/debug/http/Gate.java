package dev.tahini.rpc.debug.http;

import dev.tahini.rpc.debug.http.AccessPolicy.Access;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns away what may not come in: by method, by host, by policy. */
final class Gate {
  private static final System.Logger logger = System.getLogger(Gate.class.getName());
  private static final Set<String> METHODS = Set.of("GET", "HEAD");

  private final Hosts hosts;
  private final AccessPolicy policy;

  Gate(Hosts hosts, AccessPolicy policy) {
    this.hosts = hosts;
    this.policy = policy;
  }

  /** What the policy says; a policy that fails denies. */
  static Access ask(AccessPolicy policy, DebugRequest request) {
    try {
      Access access = policy.decide(request);
      return access == null ? Access.DENIED : access;
    } catch (RuntimeException | Error e) {
      logger.log(
          Level.WARNING, "{0} failed, so that access is denied", policy.getClass().getName(), e);
      return Access.DENIED;
    }
  }

  Access access(DebugRequest request) {
    return ask(policy, request);
  }

  /** Why it is not let in, or empty. The order tells as little as it can to who may see nothing. */
  Optional<DebugResponse> refuse(DebugRequest request, Access access) {
    if (!METHODS.contains(request.method())) {
      return Optional.of(
          DebugResponse.text(
                  405, "method: " + Shown.of(request.method()) + " (expected: GET, HEAD)")
              .with(Map.of("Allow", "GET, HEAD")));
    }
    String host = request.header("Host").orElse("");
    if (!hosts.allow(host)) {
      return Optional.of(
          DebugResponse.text(
              421,
              "Host: "
                  + Shown.of(host)
                  + " (expected: localhost, an IP address, or a host that the options allow)"));
    }
    return access == Access.DENIED ? Optional.of(denied()) : Optional.empty();
  }

  private DebugResponse denied() {
    return policy
        .challenge()
        .map(
            challenge ->
                DebugResponse.text(401, "Authorization: (expected: the token of this page)")
                    .with(Map.of("WWW-Authenticate", challenge)))
        .orElseGet(() -> DebugResponse.text(403, "The page's access policy denies this request."));
  }
}

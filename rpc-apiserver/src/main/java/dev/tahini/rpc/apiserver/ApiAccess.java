package dev.tahini.rpc.apiserver;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may read what. Everybody may, without a token, until a token is allowed; then only allowed
 * ones may. Open watches stay when their token goes, as with a real server. Thread-safe.
 */
public final class ApiAccess {
  private static final Set<String> EVERYWHERE = Set.of();

  private final Map<String, Set<String>> namespacesByToken = new HashMap<>();
  private final Set<Verb> forbidden = EnumSet.noneOf(Verb.class);
  private boolean needsToken;

  ApiAccess() {}

  /** Lets this token read in all namespaces. From now on a token is needed. */
  public synchronized void allow(String token) {
    needsToken = true;
    namespacesByToken.put(token, EVERYWHERE);
  }

  /**
   * Lets this token read in the namespaces and nowhere else (403). From now on a token is needed.
   */
  public synchronized void allow(String token, String namespace, String... more) {
    needsToken = true;
    Set<String> namespaces = new HashSet<>(Set.of(more));
    namespaces.add(namespace);
    namespacesByToken.put(token, Set.copyOf(namespaces));
  }

  /** Knows this token no more: 401. */
  public synchronized void revoke(String token) {
    needsToken = true;
    namespacesByToken.remove(token);
  }

  /** Gives the rights of the old token to the new one; the old one gets 401. */
  public synchronized void rotate(String oldToken, String newToken) {
    needsToken = true;
    Set<String> namespaces = namespacesByToken.remove(oldToken);
    namespacesByToken.put(newToken, namespaces == null ? EVERYWHERE : namespaces);
  }

  /** Refuses the verb to everybody (403), until {@link #permit}. */
  public synchronized void forbid(Verb verb) {
    forbidden.add(verb);
  }

  /** Takes {@link #forbid} back. */
  public synchronized void permit(Verb verb) {
    forbidden.remove(verb);
  }

  /** Nothing if the token, or none, is somebody. */
  synchronized void authenticate(@Nullable String token) throws Refusal {
    if (needsToken && (token == null || !namespacesByToken.containsKey(token))) {
      throw new Refusal(ApiStatus.unauthorized());
    }
  }

  /** Nothing if the token may; a namespace of null means all of them. */
  synchronized void authorize(@Nullable String token, Verb verb, @Nullable String namespace)
      throws Refusal {
    Set<String> namespaces =
        token == null ? EVERYWHERE : namespacesByToken.getOrDefault(token, EVERYWHERE);
    boolean isEverywhere = namespaces.isEmpty();
    boolean isHere = isEverywhere || (namespace != null && namespaces.contains(namespace));
    if (forbidden.contains(verb) || !isHere) {
      throw new Refusal(ApiStatus.forbidden(verb, namespace));
    }
  }
}

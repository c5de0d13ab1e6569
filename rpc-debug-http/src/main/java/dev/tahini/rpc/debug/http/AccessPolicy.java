package dev.tahini.rpc.debug.http;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Who may see what. Asked for each request, on the server's one thread: it must not block. One that
 * throws, or returns null, denies.
 */
@FunctionalInterface
public interface AccessPolicy {

  /** What a request may see. */
  enum Access {
    /** Nothing: the answer is 401 or 403. */
    DENIED,
    /** States, counts and times; no addresses, no attributes of endpoints, no texts of errors. */
    VIEW,
    /** Everything. */
    SENSITIVE
  }

  /**
   * Decides.
   *
   * @param request what is asked for, and by whom
   * @return what it may see
   */
  Access decide(DebugRequest request);

  /**
   * How who is denied can identify himself: the value of the header {@code WWW-Authenticate}.
   *
   * @return empty unless overridden: then the answer is 403 in place of 401
   */
  default Optional<String> challenge() {
    return Optional.empty();
  }

  /**
   * The default: everything for who asks from this machine, nothing for others. Behind a proxy on
   * this machine everybody does.
   *
   * @return the policy
   */
  static AccessPolicy loopbackOnly() {
    return request ->
        request.remote() != null && request.remote().isLoopbackAddress()
            ? Access.SENSITIVE
            : Access.DENIED;
  }

  /**
   * For who knows a secret: sent as {@code Authorization: Bearer <token>}, or as the password that
   * a browser asks for, with any user name. Without TLS in front of it whoever listens learns it.
   *
   * @param token at least 16 characters of ASCII, none of them a space or a control
   * @param granted what it opens
   * @return the policy
   * @throws dev.tahini.rpc.InvalidValueException if the token is too short or has other characters
   */
  static AccessPolicy bearerToken(String token, Access granted) {
    return new TokenPolicy(token, granted);
  }

  /**
   * What either grants, whichever is more.
   *
   * @param other asked too, unless this one grants everything
   * @return both
   */
  default AccessPolicy or(AccessPolicy other) {
    return new EitherPolicy(this, requireNonNull(other, "other"));
  }
}

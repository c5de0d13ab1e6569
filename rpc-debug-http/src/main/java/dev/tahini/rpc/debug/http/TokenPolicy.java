package dev.tahini.rpc.debug.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;

/** Compares a secret, in a time that tells nothing of it. */
final class TokenPolicy implements AccessPolicy {
  private static final int SHORTEST = 16;

  private final byte[] token;
  private final Access granted;

  TokenPolicy(String token, Access granted) {
    requireNonNull(token, "token");
    this.granted = requireNonNull(granted, "granted");
    // The token itself is kept out of the message.
    if (token.length() < SHORTEST) {
      throw new InvalidValueException(
          "token", token.length() + " characters", "at least " + SHORTEST);
    }
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new InvalidValueException(
          "token", "one with other characters", "printable ASCII without spaces");
    }
    this.token = token.getBytes(UTF_8);
  }

  @Override
  public Access decide(DebugRequest request) {
    byte[] said = request.header("Authorization").map(TokenPolicy::secretOf).orElse(new byte[0]);
    return MessageDigest.isEqual(token, said) ? granted : Access.DENIED;
  }

  /** Of {@code Bearer <secret>} (RFC 6750) or {@code Basic <user:secret>} (RFC 7617). */
  private static byte[] secretOf(String authorization) {
    int space = authorization.indexOf(' ');
    String scheme = space < 0 ? "" : authorization.substring(0, space);
    String credentials = authorization.substring(space + 1).strip();
    if (scheme.equalsIgnoreCase("bearer")) {
      return credentials.getBytes(UTF_8);
    }
    return scheme.equalsIgnoreCase("basic") ? passwordOf(credentials) : new byte[0];
  }

  private static byte[] passwordOf(String credentials) {
    try {
      String pair = new String(Base64.getDecoder().decode(credentials), UTF_8);
      return pair.substring(pair.indexOf(':') + 1).getBytes(UTF_8);
    } catch (IllegalArgumentException notBase64) {
      return new byte[0];
    }
  }

  @Override
  public Optional<String> challenge() {
    return Optional.of("Basic realm=\"tahini\", charset=\"UTF-8\"");
  }
}

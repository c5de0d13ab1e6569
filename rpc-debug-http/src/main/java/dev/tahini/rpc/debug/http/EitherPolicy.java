package dev.tahini.rpc.debug.http;

import java.util.Optional;

/** What one of two policies grants, whichever is more; one that throws grants nothing. */
record EitherPolicy(AccessPolicy first, AccessPolicy second) implements AccessPolicy {

  @Override
  public Access decide(DebugRequest request) {
    Access granted = Gate.ask(first, request);
    if (granted == Access.SENSITIVE) {
      return granted;
    }
    Access more = Gate.ask(second, request);
    return more.compareTo(granted) > 0 ? more : granted;
  }

  @Override
  public Optional<String> challenge() {
    return first.challenge().or(second::challenge);
  }
}

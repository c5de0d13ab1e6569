package dev.tahini.rpc.apiserver;

/** A request is answered with a Status. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  private final transient ApiStatus status;

  Refusal(ApiStatus status) {
    super(status.message());
    this.status = status;
  }

  ApiStatus status() {
    return status;
  }
}

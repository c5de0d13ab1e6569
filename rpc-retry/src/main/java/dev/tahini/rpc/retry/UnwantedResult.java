package dev.tahini.rpc.retry;

/** An attempt gave what is to be tried again. */
final class UnwantedResult extends RetriableException {
  private static final long serialVersionUID = 1;

  UnwantedResult(Object result) {
    super("not the result that is wanted: " + result, null);
  }
}

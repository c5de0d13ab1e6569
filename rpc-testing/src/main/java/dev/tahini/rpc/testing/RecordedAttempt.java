package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;

import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of a call as it arrived at a {@link TestBackend}, also one that a fault kept from the
 * service. Immutable: when it has ended, a look at the same attempt gives another record, with the
 * same number. Until then, and from then on, each look gives an equal one. Those of two attempts
 * are never equal, since headers are compared by identity.
 *
 * @param number its place in the order of arrival over all backends of the cluster, from 1
 * @param backend the name of the backend
 * @param method the full name of the method, such as {@code "pkg.Greeter/SayHello"}
 * @param call which call of the cluster's clients it belongs to, counted from 1 in the order of
 *     their starts; null if the client has not the cluster's {@linkplain RpcTestCluster#feature
 *     feature}
 * @param attempt its place among the attempts of its call, from 1 in the order of arrival; 1 if the
 *     call is unknown
 * @param pick the name of the call's picker, such as {@code "shard"}; null if the call is unknown
 * @param key what the call's pick goes by, such as the shard's key; null if it has none or the call
 *     is unknown
 * @param headers as the service gets them; copied on their way in and out
 * @param status how the backend ended it, {@code CANCELLED} if the client or its connection went
 *     away first; null while it is open
 */
public record RecordedAttempt(
    long number,
    String backend,
    String method,
    @Nullable Long call,
    int attempt,
    @Nullable String pick,
    @Nullable String key,
    Metadata headers,
    @Nullable Status status) {

  /** Copies the headers. */
  public RecordedAttempt {
    requireNonNull(backend, "backend");
    requireNonNull(method, "method");
    headers = copy(headers);
  }

  /**
   * The headers, without what the cluster itself sent.
   *
   * @return a copy
   */
  @Override
  public Metadata headers() {
    return copy(headers);
  }

  /** In a line, without the headers. */
  @Override
  public String toString() {
    return "#"
        + number
        + " "
        + backend
        + " "
        + method
        + (call == null ? "" : ", call " + call + "." + attempt)
        + (key == null ? "" : ", " + pick + " " + key)
        + ": "
        + (status == null ? "open" : status.getCode());
  }

  RecordedAttempt ended(Status how) {
    return new RecordedAttempt(
        number, backend, method, call, attempt, pick, key, headers, requireNonNull(how, "how"));
  }

  private static Metadata copy(Metadata metadata) {
    Metadata copy = new Metadata();
    copy.merge(metadata);
    return copy;
  }
}

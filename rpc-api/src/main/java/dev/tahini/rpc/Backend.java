package dev.tahini.rpc;

import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The live view of one {@link Endpoint} of a client: what pickers choose by and pages show. Made
 * when the endpoint is first listed, kept while it is listed; its counts survive lost connections
 * and gRPC's idle mode.
 *
 * <p>Thread-safe. Every method reads what holds now, takes no lock and allocates nothing, so that
 * two reads may belong to different moments. Implemented by the library only; compared by identity.
 */
public interface Backend {

  /**
   * The endpoint as discovery last listed it. Its address never changes; the rest may.
   *
   * @return the endpoint
   */
  Endpoint endpoint();

  /**
   * The endpoint's address as {@link Endpoint#addressText()} writes it.
   *
   * @return such as {@code "10.0.0.7:8080"}
   */
  String address();

  /**
   * The state of its connection. {@code TRANSIENT_FAILURE} stays until it is {@code READY} again,
   * also while gRPC tries anew; {@code SHUTDOWN} once it is no longer listed.
   *
   * @return the state
   */
  ConnectivityState state();

  /**
   * When it came into its {@link #state()}.
   *
   * @return the time
   */
  Instant since();

  /**
   * Attempts of calls that are open on it now, from this client.
   *
   * @return 0 or more
   */
  int inFlight();

  /**
   * Attempts that were ever sent to it.
   *
   * @return the sum of those in flight, succeeded and failed, read one after the other
   */
  long started();

  /**
   * Attempts that ended {@code OK}.
   *
   * @return the count
   */
  long succeeded();

  /**
   * Attempts that ended with a code, as this client saw it; cancelled ones are under {@code
   * CANCELLED}.
   *
   * @param code a status's code
   * @return the count; 0 for {@code OK}
   */
  long failed(Status.Code code);

  /**
   * How long an attempt takes from its start to its end: a smoothed mean, gain 1/8 as in RFC 6298.
   * Where attempts are rare and do not overlap each counts; of a busy backend's one in about 10 ms.
   *
   * @return nanoseconds; 0 before the first attempt has ended
   */
  long latencyNanos();

  /**
   * Why its connection failed since it was last ready; else why an attempt failed last. Cancelled
   * attempts do not count.
   *
   * @return the error, or null if there is none
   */
  @Nullable Status lastError();
}

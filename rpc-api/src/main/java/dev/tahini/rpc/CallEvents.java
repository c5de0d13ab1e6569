package dev.tahini.rpc;

import io.grpc.ConnectivityState;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens in a client, for logs, metrics and traces. Every method does nothing unless
 * overridden; where no listener is installed no event is made. Event records are made by the
 * library; parts may be added.
 *
 * <p>Called on the thread on which the thing happens, gRPC's event loops among them, and by several
 * at once: return soon and do not block. What a listener throws is logged and goes no further.
 */
public interface CallEvents {

  /**
   * The application started a call: it is told of once, whatever attempts are made for it.
   *
   * @param event which
   */
  default void onCallStart(CallStarted event) {}

  /**
   * A call that was told of ended, as the application sees it; also one that found no backend.
   *
   * @param event how
   */
  default void onCallEnd(CallEnded event) {}

  /**
   * An attempt got its backend: its stream is being made there.
   *
   * @param event what was picked
   */
  default void onPick(Picked event) {}

  /**
   * An attempt ended.
   *
   * @param event how
   */
  default void onAttemptEnd(AttemptEnded event) {}

  /**
   * A backend's connection changed state.
   *
   * @param event from which to which
   */
  default void onBackendState(BackendStateChanged event) {}

  /**
   * Discovery listed other endpoints than before.
   *
   * @param event which came and went
   */
  default void onEndpoints(EndpointsChanged event) {}

  /**
   * A list took effect: every pick from now on is made from it.
   *
   * @param event the list
   */
  default void onEndpointsApplied(EndpointsApplied event) {}

  /**
   * Discovery failed; the last list stays in use.
   *
   * @param event why
   */
  default void onDiscoveryError(DiscoveryFailed event) {}

  /**
   * An attempt failed, and a retry has decided what comes next.
   *
   * @param event what failed, and what comes next
   */
  default void onRetry(RetryDecided event) {}

  /**
   * A call takes long, and a hedge was due: another attempt beside those that are on their way.
   *
   * @param event whether it is made
   */
  default void onHedge(HedgeDue event) {}

  /** The client is closed: nothing more will come, but for the ends of attempts still open. */
  default void onClientClosed() {}

  /**
   * The start of a call.
   *
   * @param target whom the client calls
   * @param method what is called
   */
  record CallStarted(Target target, MethodDescriptor<?, ?> method) {}

  /**
   * The end of a call.
   *
   * @param target whom the client calls
   * @param method what was called
   * @param status how it ended
   * @param latencyNanos from its start to its end
   */
  record CallEnded(
      Target target, MethodDescriptor<?, ?> method, Status status, long latencyNanos) {}

  /**
   * A pick.
   *
   * @param attempt the attempt's identity: equal to that of its {@link AttemptEnded} and no other
   * @param target whom the client calls
   * @param pick what the call asked for
   * @param backend what it got
   */
  record Picked(Object attempt, Target target, Pick pick, Backend backend) {}

  /**
   * The end of an attempt.
   *
   * @param attempt the attempt's identity
   * @param target whom the client calls
   * @param pick what the call asked for
   * @param backend where it went
   * @param status how it ended
   * @param latencyNanos from the stream's start to its end
   */
  record AttemptEnded(
      Object attempt,
      Target target,
      Pick pick,
      Backend backend,
      Status status,
      long latencyNanos) {}

  /**
   * A change of a connection.
   *
   * @param target whom the client calls
   * @param backend whose connection it is
   * @param from its state before
   * @param to its state now
   * @param error why it failed, or null if it did not
   */
  record BackendStateChanged(
      Target target,
      Backend backend,
      ConnectivityState from,
      ConnectivityState to,
      @Nullable Status error) {}

  /**
   * A change of the list.
   *
   * @param target whom the client calls
   * @param added backends that were not listed before
   * @param removed backends that are listed no more
   * @param changed backends that stay, with another weight, zone, condition, name or attribute
   * @param size how many are listed now
   */
  record EndpointsChanged(
      Target target, List<Backend> added, List<Backend> removed, List<Backend> changed, int size) {

    /** Copies the lists. */
    public EndpointsChanged {
      added = List.copyOf(added);
      removed = List.copyOf(removed);
      changed = List.copyOf(changed);
    }
  }

  /**
   * A list that took effect, also when the channel came back from gRPC's idle mode.
   *
   * @param target whom the client calls
   * @param endpoints as discovery listed them: the very list, where that cannot be modified
   */
  record EndpointsApplied(Target target, List<Endpoint> endpoints) {

    /** Copies the list. */
    public EndpointsApplied {
      endpoints = List.copyOf(endpoints);
    }
  }

  /**
   * A failure of discovery.
   *
   * @param target whom the client calls
   * @param error what the discovery says
   */
  record DiscoveryFailed(Target target, Status error) {}

  /**
   * A decision of a retry. Of a retry around a user's code, target and method are not known.
   *
   * @param target whom the client calls, or null
   * @param method what is called, or null
   * @param attempt which attempt failed, from 1 on
   * @param outcome how it ended, and where
   * @param decision another attempt after a delay, or the end of the call and why
   * @param budget how many retries the target's budget would still pay for; infinite without one
   */
  record RetryDecided(
      @Nullable Target target,
      @Nullable MethodDescriptor<?, ?> method,
      int attempt,
      RetryPolicy.Outcome outcome,
      RetryPolicy.Decision decision,
      double budget) {}

  /**
   * A hedge.
   *
   * @param target whom the client calls, or null where the interceptor is not a client's
   * @param method what is called
   * @param attempt which attempt of the call it would be, from 2 on
   * @param after how long after the attempt before
   * @param isMade false if the budget does not pay for it
   * @param budget how many retries the target's budget would still pay for; infinite without one
   */
  record HedgeDue(
      @Nullable Target target,
      MethodDescriptor<?, ?> method,
      int attempt,
      Duration after,
      boolean isMade,
      double budget) {}
}

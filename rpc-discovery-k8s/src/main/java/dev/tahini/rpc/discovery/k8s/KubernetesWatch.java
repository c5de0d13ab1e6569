package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.TimeSource;
import io.grpc.Status;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns the slices of a service into the lists of a target: gathers changes for a moment, delivers
 * what is new, tells what is wrong. What it knows belongs to its sequence.
 */
final class KubernetesWatch implements Discovery.Subscription {
  private final KubernetesTarget target;
  private final Discovery.Listener listener;
  private final KubernetesOptions options;
  private final TimeSource time;
  private final Sequence sequence;
  private final SliceWatch slices;
  private final Runnable onClose;

  private ServiceState state = ServiceState.EMPTY;
  private @Nullable List<Endpoint> delivered;
  private @Nullable String whyEmpty;
  private boolean isPending;
  private boolean isFailing;
  private boolean hasEnded;

  private volatile @Nullable Instant lastConfirmed;
  private volatile boolean closed;

  /**
   * A watch that has not begun.
   *
   * @param sequence its own
   * @param slices makes the watch of the slices, in the same sequence, for its listener
   * @param onClose run once, when it is closed
   */
  KubernetesWatch(
      KubernetesTarget target,
      Discovery.Listener listener,
      KubernetesOptions options,
      TimeSource time,
      Sequence sequence,
      Function<SliceWatch.Listener, SliceWatch> slices,
      Runnable onClose) {
    this.target = target;
    this.listener = listener;
    this.options = options;
    this.time = time;
    this.sequence = sequence;
    this.onClose = onClose;
    this.slices = slices.apply(new SliceListener());
  }

  void start() {
    sequence.fork(slices::proceed);
  }

  private final class SliceListener implements SliceWatch.Listener {

    @Override
    public void onListed(ServiceState listed) {
      lastConfirmed = time.clock().instant();
      state = listed;
      publish();
    }

    @Override
    public void onChanged(ServiceState changed) {
      lastConfirmed = time.clock().instant();
      state = changed;
      if (!isPending) {
        isPending = true;
        var unused =
            sequence.after(options.debounce().toNanos(), KubernetesWatch.this::publishPending);
      }
    }

    @Override
    public void onGood() {
      lastConfirmed = time.clock().instant();
      if (!isPending) {
        confirm();
      }
    }

    @Override
    public void onFailure(String why) {
      isFailing = true;
      tell(why);
    }
  }

  private void publishPending() {
    if (isPending) {
      publish();
    }
  }

  /**
   * Delivers what is new. Before the first list the reason why it would be empty takes its place:
   * as an error it reaches the calls that wait, where an empty list would fail them without it.
   */
  private void publish() {
    isPending = false;
    List<Endpoint> endpoints = state.endpoints(target.family());
    String before = whyEmpty;
    whyEmpty = endpoints.isEmpty() ? EmptyList.why(state.slices(), target) : null;
    boolean isReasonEnough = delivered == null && whyEmpty != null;
    if (isReasonEnough || isDelivered(endpoints)) {
      isFailing |= !Objects.equals(before, whyEmpty);
    } else {
      delivered = endpoints;
      isFailing = whyEmpty != null;
      if (!closed) {
        listener.onEndpoints(endpoints);
      }
    }
    confirm();
  }

  /** After a failure: that the list is as it was, or why it is empty. */
  private void confirm() {
    if (!isFailing) {
      return;
    }
    isFailing = false;
    if (whyEmpty != null) {
      tell(whyEmpty);
    } else if (!closed) {
      listener.onConfirmed();
    }
  }

  private void tell(String why) {
    if (!closed) {
      listener.onError(Status.UNAVAILABLE.withDescription(why));
    }
  }

  /** Whether these are the last ones, in whatever order; sets are costly, and seldom needed. */
  private boolean isDelivered(List<Endpoint> endpoints) {
    List<Endpoint> last = delivered;
    return last != null
        && last.size() == endpoints.size()
        && (last.equals(endpoints) || new HashSet<>(last).equals(new HashSet<>(endpoints)));
  }

  @Override
  public @Nullable Instant lastConfirmed() {
    return lastConfirmed;
  }

  @Override
  public void close() {
    closed = true;
    sequence.execute(this::end);
  }

  private void end() {
    if (!hasEnded) {
      hasEnded = true;
      slices.close();
      onClose.run();
    }
  }
}

package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickExplanation;
import dev.tahini.rpc.PickExplanation.Candidate;
import io.grpc.Status;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Says what a pick would do now, by asking the real picker and making no call. */
final class PickExplainer {
  private final ChannelState channel;
  private final Listing listing;

  PickExplainer(ChannelState channel) {
    this.channel = channel;
    this.listing = channel.backends().current();
  }

  /**
   * A choice, and what would become of the call.
   *
   * @param broken whether the picker threw
   */
  private record Choice(@Nullable Backend backend, String outcome, boolean broken) {
    Choice(@Nullable Backend backend, String outcome) {
      this(backend, outcome, false);
    }
  }

  PickExplanation explain(Pick asked) {
    // The user's generator is the user's: not drawn from, and not on this thread.
    Pick pick = asked instanceof Pick.Random ? Pick.random() : asked;
    Choice choice = choose(pick);
    Backend chosen = choice.backend();
    List<Candidate> candidates =
        pick instanceof Pick.Shard key && !choice.broken()
            ? candidatesOf(key, chosen)
            : listing.backends().stream().map(b -> candidate("", b, chosen)).toList();
    return new PickExplanation(
        asked, chosen == null ? null : chosen.address(), choice.outcome(), candidates);
  }

  /** In the key's order. */
  private List<Candidate> candidatesOf(Pick.Shard key, @Nullable Backend chosen) {
    List<LiveBackend> order = order(key);
    return IntStream.range(0, order.size())
        .mapToObj(i -> candidate("owner " + (i + 1) + ", ", order.get(i), chosen))
        .toList();
  }

  private static Candidate candidate(String place, LiveBackend backend, @Nullable Backend chosen) {
    String verdict = backend == chosen ? "chosen, " : "";
    return new Candidate(BackendSnapshot.of(backend), place + verdict + verdict(backend));
  }

  private Choice choose(Pick pick) {
    if (!listing.answered()) {
      return new Choice(null, "waits for discovery's first answer");
    }
    if (listing.backends().isEmpty()) {
      return new Choice(null, "fails: UNAVAILABLE: no backends; " + channel.lastAnswer());
    }
    BackendPicker picker = pickerOf(pick);
    if (picker == null) {
      return new Choice(null, "fails: the client has no picker " + pick.picker());
    }
    try {
      Backend backend = picker.pick(pick, Attempts.NONE, ChannelState.NO_METHOD);
      return backend == null
          ? new Choice(null, none(picker.whyNone(pick, Attempts.NONE, ChannelState.NO_METHOD)))
          : new Choice(backend, outcome(backend));
    } catch (RuntimeException | Error e) {
      return new Choice(null, "fails: INTERNAL: picker " + pick.picker() + " failed: " + e, true);
    }
  }

  private @Nullable BackendPicker pickerOf(Pick pick) {
    return pick instanceof Pick.Shard
        ? channel.shards().pickerOf(listing.backends())
        : listing.pickers().of(pick);
  }

  private String none(@Nullable Status why) {
    if (why != null) {
      return why.isOk() ? "waits" : "fails: " + why.getCode() + ": " + why.getDescription();
    }
    if (listing.backends().stream().allMatch(b -> b.state() == TRANSIENT_FAILURE)) {
      return "fails: UNAVAILABLE: none of the backends can be connected";
    }
    boolean settled =
        listing.backends().stream().noneMatch(b -> b.state() == IDLE || b.state() == CONNECTING);
    return settled
        ? "fails: UNAVAILABLE: its picker takes none of the backends that are ready"
        : "waits for a connection";
  }

  private static String outcome(Backend backend) {
    return switch (backend.state()) {
      case READY -> "goes to " + backend.address();
      case TRANSIENT_FAILURE -> "fails: UNAVAILABLE: " + description(backend);
      default -> "waits for " + backend.address() + " to be connected";
    };
  }

  private static String verdict(LiveBackend backend) {
    String load = backend.inFlight() + " in flight";
    return switch (backend.state()) {
      case READY -> (backend.isDraining() ? "draining, " : "ready, ") + load;
      case TRANSIENT_FAILURE -> "cannot be connected: " + description(backend);
      default -> "not connected yet";
    };
  }

  private static String description(Backend backend) {
    Status error = backend.lastError();
    return error == null || error.getDescription() == null ? "unknown" : error.getDescription();
  }

  /** Each backend once, in the order in which a key's calls go to them. */
  List<BackendSnapshot> owners(Pick.Shard key) {
    return order(key).stream().map(BackendSnapshot::of).toList();
  }

  private List<LiveBackend> order(Pick.Shard key) {
    if (listing.backends().isEmpty()) {
      return List.of();
    }
    ShardTables.Built built = channel.shards().of(listing.backends());
    int[] order = new int[built.backends().size()];
    int count = built.table().owners(key.hash(built.table()), order);
    return Arrays.stream(order, 0, count).mapToObj(built.backends()::get).toList();
  }

  /** The part of all keys that each backend owns, by its address. */
  Map<String, Double> shares() {
    Map<String, Double> shares = new LinkedHashMap<>();
    if (!listing.backends().isEmpty()) {
      ShardTables.Built built = channel.shards().of(listing.backends());
      for (int i = 0; i < built.backends().size(); i++) {
        shares.put(built.backends().get(i).address(), built.table().share(i));
      }
    }
    return Collections.unmodifiableMap(shares);
  }
}

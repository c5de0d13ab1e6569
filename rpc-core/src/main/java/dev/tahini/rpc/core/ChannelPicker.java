package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.SHUTDOWN;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * What gRPC asks for each attempt: finds the picker that the call names, and tells gRPC what that
 * picker's choice means. One for each {@link Listing}, used by many threads; takes no lock, and
 * allocates nothing unless the attempt fails.
 *
 * <p>Nothing may be thrown from here: gRPC would panic the channel.
 */
final class ChannelPicker extends SubchannelPicker {
  private final ChannelState channel;
  private final Listing listing;
  private final Pick defaultPick;
  private volatile NoneAnswer noneAnswer = NoneAnswer.WAIT;

  /**
   * The client's own answer where a picker has none.
   *
   * @param version of the ready set that it was made for
   * @param result wait, or fail because nothing can be connected
   * @param unsuited what a user's picker gets that takes none of the backends: the library's own
   *     take any that is ready, so that for them none only means that a change is under way
   */
  record NoneAnswer(int version, PickResult result, PickResult unsuited) {
    static final NoneAnswer WAIT =
        new NoneAnswer(-1, PickResult.withNoResult(), PickResult.withNoResult());

    PickResult resultOf(Pick pick) {
      return pick instanceof Pick.Named ? unsuited : result;
    }
  }

  ChannelPicker(ChannelState channel, Listing listing, Pick defaultPick) {
    this.channel = channel;
    this.listing = listing;
    this.defaultPick = defaultPick;
  }

  void noneAnswer(NoneAnswer answer) {
    this.noneAnswer = answer;
  }

  @Override
  public PickResult pickSubchannel(PickSubchannelArgs args) {
    CallOptions options = args.getCallOptions();
    Pick asked = options.getOption(Pick.OPTION);
    Pick pick = asked == Pick.LeastLoaded.INSTANCE ? defaultPick : asked;
    try {
      if (listing.backends().isEmpty()) {
        return PickResult.withError(unavailable("no backends; " + channel.lastAnswer()));
      }
      Pin pin = channel.linksCalls() ? options.getOption(Pin.OPTION) : null;
      LiveBackend pinned = pin == null ? null : pin.backend();
      return pinned == null ? pick(pick, pin, args) : pinned(pinned);
    } catch (Throwable e) { // an Error of the user's code, too, fails its own call only
      return PickResult.withDrop(
          Status.INTERNAL
              .withDescription(
                  channel.target() + ": picker " + pick.picker() + " failed: " + textOf(e))
              .withCause(e));
    }
  }

  private static String textOf(Throwable e) {
    try {
      return e.toString();
    } catch (Throwable broken) { // the user's exception is the user's code, too
      return e.getClass().getName();
    }
  }

  private PickResult pinned(LiveBackend backend) {
    return backend.state() == SHUTDOWN
        ? PickResult.withDrop(unavailable(backend.address() + " is no longer among its backends"))
        : backend.pickResult();
  }

  private PickResult pick(Pick pick, @Nullable Pin pin, PickSubchannelArgs args) {
    BackendPicker picker = listing.pickers().of(pick);
    if (picker == null) {
      throw new IllegalStateException("the client has no picker of this name");
    }
    NoneAnswer ifNone = noneAnswer; // of the time before the pick
    Attempts attempts =
        channel.linksCalls() || pick instanceof Pick.Named
            ? args.getCallOptions().getOption(Attempts.OPTION)
            : Attempts.NONE;
    LiveBackend chosen = picker.pick(pick, attempts, args.getMethodDescriptor());
    if (chosen == null) {
      return none(pick, picker.whyNone(pick, attempts, args.getMethodDescriptor()), ifNone);
    }
    return (pin == null ? chosen : pin.propose(chosen)).pickResult();
  }

  private PickResult none(Pick pick, @Nullable Status why, NoneAnswer ifNone) {
    if (why == null) {
      return isSettled(ifNone) ? ifNone.resultOf(pick) : PickResult.withNoResult();
    }
    if (why.isOk()) {
      return PickResult.withNoResult();
    }
    String description = why.getDescription() == null ? "no reason given" : why.getDescription();
    return PickResult.withError(why.withDescription(channel.target() + ": " + description));
  }

  /** If ready set or list have changed since, the publication that follows picks again. */
  private boolean isSettled(NoneAnswer answer) {
    return answer.version() == channel.backends().ready().version()
        && listing == channel.backends().current();
  }

  private Status unavailable(String why) {
    return Status.UNAVAILABLE.withDescription(channel.target() + ": " + why);
  }

  /** gRPC writes it into the channel's trace at each publication: short, whatever the list. */
  @Override
  public String toString() {
    return "tahini of " + listing.backends().size() + " backends";
  }
}

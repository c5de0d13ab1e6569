package dev.tahini.rpc.testing.contract;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Round robin over the ready backends, right but for one flaw. */
final class FlawedFactory implements Picker.Factory {
  static final String NAME = "flawed";

  private final PickerFlaw flaw;
  private final AtomicInteger named = new AtomicInteger();
  private final AtomicInteger made = new AtomicInteger();
  private volatile Picker.@Nullable Backends first;
  private volatile Picker.@Nullable Backends last;
  private volatile @Nullable Object garbage;

  FlawedFactory(PickerFlaw flaw) {
    this.flaw = flaw;
  }

  private boolean has(PickerFlaw other) {
    return flaw == other;
  }

  @Override
  public String name() {
    // Twice right: a client reads it when it is built.
    return has(PickerFlaw.NAME_CHANGES) && named.incrementAndGet() > 2 ? NAME + "-" + named : NAME;
  }

  @Override
  public Picker create(Picker.Backends backends) {
    if (has(PickerFlaw.THROWS_FROM_THE_TENTH_LIST_ON) && made.incrementAndGet() >= 10) {
      return request -> {
        throw new IllegalStateException("no more lists");
      };
    }
    if (first == null) {
      first = backends;
    }
    last = backends;
    return new RoundRobin(backends);
  }

  private final class RoundRobin implements Picker {
    private final Backends backends;
    private final AtomicInteger next = new AtomicInteger();
    private volatile @Nullable List<Backend> readyAtFirst;

    RoundRobin(Backends backends) {
      this.backends = backends;
    }

    private List<Backend> all() {
      Backends from =
          switch (flaw) {
            case KEEPS_ITS_FIRST_LIST, CHOOSES_WHAT_HAS_LEFT -> first;
            case SHARES_ITS_TABLE -> last;
            default -> backends;
          };
      return (from == null ? backends : from).all();
    }

    private boolean isReady(Backend backend) {
      if (has(PickerFlaw.LOOKS_AT_NO_STATE) || has(PickerFlaw.CHOOSES_WHAT_HAS_LEFT)) {
        return true;
      }
      List<Backend> atFirst = readyAtFirst;
      if (has(PickerFlaw.LOOKS_AT_STATES_ONCE) && atFirst != null) {
        return atFirst.contains(backend);
      }
      return backend.state() == ConnectivityState.READY;
    }

    @Override
    public @Nullable Backend pick(PickRequest request) {
      if (has(PickerFlaw.SUITS_NOTHING)) {
        return null;
      }
      if (has(PickerFlaw.ALLOCATES)) {
        garbage = new Object();
      }
      if (has(PickerFlaw.THROWS_FOR_METHODS_IT_DOES_NOT_KNOW)
          && !NumberService.ASK.equals(request.method())) {
        throw new IllegalArgumentException(request.method().getFullMethodName());
      }
      List<Backend> all = all();
      if (has(PickerFlaw.LOOKS_AT_STATES_ONCE)
          && readyAtFirst == null
          && backends.ready().size() == all.size()) {
        readyAtFirst = all;
      }
      int start = start();
      Backend untried = find(all, start, request, false);
      return untried != null || has(PickerFlaw.REFUSES_WHAT_WAS_TRIED)
          ? untried
          : fallBack(all, start, request);
    }

    private int start() {
      int number = next.getAndIncrement() & 0xffff;
      return switch (flaw) {
        case STICKS_TO_ONE -> 0;
        case IGNORES_ATTEMPTS -> number >> 2; // or each attempt would get another by itself
        default -> number;
      };
    }

    private @Nullable Backend fallBack(List<Backend> all, int start, PickRequest request) {
      Backend tried = find(all, start, request, true);
      if (tried != null && has(PickerFlaw.THROWS_IF_ALL_WERE_TRIED)) {
        throw new IllegalStateException("all were tried");
      }
      return tried;
    }

    private @Nullable Backend find(
        List<Backend> all, int start, PickRequest request, boolean alsoTried) {
      boolean ignores = alsoTried || has(PickerFlaw.IGNORES_ATTEMPTS);
      for (int i = 0; i < all.size(); i++) {
        Backend backend = all.get((start + i) % all.size());
        if (isReady(backend) && (ignores || !request.attempts().tried(backend))) {
          return backend;
        }
      }
      return null;
    }

    @Override
    public @Nullable Status whyNone(PickRequest request) {
      return has(PickerFlaw.DOES_NOT_WAIT)
          ? Status.UNAVAILABLE.withDescription("none is ready")
          : null;
    }
  }

  @Override
  public String toString() {
    return "FlawedFactory with " + flaw + " and " + garbage;
  }
}

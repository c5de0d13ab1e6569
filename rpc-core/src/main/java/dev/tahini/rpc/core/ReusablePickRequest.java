package dev.tahini.rpc.core;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import io.grpc.MethodDescriptor;

/** A thread's one pick request, filled anew for each pick so that none is allocated. */
final class ReusablePickRequest implements PickRequest {
  private MethodDescriptor<?, ?> method = ChannelState.NO_METHOD;
  private Pick pick = Pick.leastLoaded();
  private Attempts attempts = Attempts.NONE;
  private boolean inUse;

  /** Fills it; or, inside a pick that makes a call of its own, a new one. */
  ReusablePickRequest fill(Pick pick, MethodDescriptor<?, ?> method, Attempts attempts) {
    if (inUse) {
      return new ReusablePickRequest().fill(pick, method, attempts);
    }
    this.inUse = true;
    this.pick = pick;
    this.method = method;
    this.attempts = attempts;
    return this;
  }

  /** Lets go of the call, so that an idle thread keeps nothing of it. */
  void clear() {
    this.pick = Pick.leastLoaded();
    this.method = ChannelState.NO_METHOD;
    this.attempts = Attempts.NONE;
    this.inUse = false;
  }

  @Override
  public Pick pick() {
    return pick;
  }

  @Override
  public MethodDescriptor<?, ?> method() {
    return method;
  }

  @Override
  public Attempts attempts() {
    return attempts;
  }
}

package dev.tahini.rpc.core;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** A user's picker of the name "mine", of which the test says what it does. */
final class UsersPicker implements Picker.Factory, Picker {
  @Nullable Backend answer;
  @Nullable Status why;
  @Nullable Throwable toThrow;
  @Nullable Throwable toThrowAsWhy;
  Runnable whilePicking = () -> {};
  @Nullable PickRequest asked;

  @Override
  public String name() {
    return "mine";
  }

  @Override
  public Picker create(Picker.Backends backends) {
    return this;
  }

  @Override
  public @Nullable Backend pick(PickRequest request) {
    asked = request;
    whilePicking.run();
    throwIfAny(toThrow);
    return answer;
  }

  @Override
  public @Nullable Status whyNone(PickRequest request) {
    throwIfAny(toThrowAsWhy);
    return why;
  }

  private static void throwIfAny(@Nullable Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }
}

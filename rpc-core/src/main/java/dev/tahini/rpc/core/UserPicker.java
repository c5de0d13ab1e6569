package dev.tahini.rpc.core;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** A user's picker: asked with its thread's one request, and held to the client's own backends. */
final class UserPicker implements BackendPicker {
  private final Picker picker;
  private final Backends owner;
  private final ThreadLocal<ReusablePickRequest> requests;

  /**
   * Asks a picker.
   *
   * @param owner of the backends that it may choose
   * @param requests the client's, one for each thread
   */
  UserPicker(Picker picker, Backends owner, ThreadLocal<ReusablePickRequest> requests) {
    this.picker = picker;
    this.owner = owner;
    this.requests = requests;
  }

  @Override
  public @Nullable LiveBackend pick(Pick pick, Attempts attempts, MethodDescriptor<?, ?> method) {
    ReusablePickRequest request = requests.get().fill(pick, method, attempts);
    try {
      Backend chosen = picker.pick(request);
      if (chosen == null) {
        return null;
      }
      if (!(chosen instanceof LiveBackend own) || !own.isOf(owner)) {
        throw new IllegalStateException("it chose a backend of another client: " + chosen);
      }
      return own;
    } finally {
      request.clear();
    }
  }

  @Override
  public @Nullable Status whyNone(Pick pick, Attempts attempts, MethodDescriptor<?, ?> method) {
    ReusablePickRequest request = requests.get().fill(pick, method, attempts);
    try {
      return picker.whyNone(request);
    } finally {
      request.clear();
    }
  }
}

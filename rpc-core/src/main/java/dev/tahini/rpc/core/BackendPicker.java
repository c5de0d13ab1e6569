package dev.tahini.rpc.core;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the backends of one kind of pick, from one list. The library's own get what they need as
 * arguments; a user's {@link dev.tahini.rpc.Picker} is asked through {@link UserPicker}. Used by
 * many threads; takes no lock and allocates nothing.
 */
interface BackendPicker {

  /** Where the attempt goes, or null if there is no backend for it now. */
  @Nullable LiveBackend pick(Pick pick, Attempts attempts, MethodDescriptor<?, ?> method);

  /**
   * Why there was none: OK to wait for the next publication, an error to fail with, or null for the
   * client's own answer.
   */
  default @Nullable Status whyNone(Pick pick, Attempts attempts, MethodDescriptor<?, ?> method) {
    return null;
  }
}

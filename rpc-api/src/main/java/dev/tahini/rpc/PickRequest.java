package dev.tahini.rpc;

import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt asks of a {@link Picker}. Implemented by the library only. The object is used
 * again for other calls: read it inside {@link Picker#pick} on the calling thread, and keep no
 * reference to it.
 */
public interface PickRequest {

  /**
   * The pick that the call was made with.
   *
   * @return the value of {@link Pick#OPTION}
   */
  Pick pick();

  /**
   * The key of the pick.
   *
   * @return {@link Pick#key()} of {@link #pick()}
   */
  default @Nullable String key() {
    return pick().key();
  }

  /**
   * The method that is called.
   *
   * @return its descriptor; in {@link ClientView#explain}, where nothing is called, that of a
   *     method {@code dev.tahini.rpc/Explain} which does not exist
   */
  MethodDescriptor<?, ?> method();

  /**
   * The backends that earlier attempts of this call were sent to, which a picker should avoid while
   * there are others.
   *
   * @return the call's own, or {@link Attempts#NONE} where nothing retries
   */
  Attempts attempts();
}

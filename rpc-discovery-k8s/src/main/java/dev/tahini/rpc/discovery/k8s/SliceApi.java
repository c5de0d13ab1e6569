package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.discovery.k8s.SliceJson.EventJson;
import dev.tahini.rpc.discovery.k8s.SliceJson.SliceListJson;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is asked of the API server about one service. Does not block. Thread-safe. */
interface SliceApi {

  /** The server's name for messages. */
  String server();

  /**
   * Asks for the slices, or for some of them.
   *
   * @param next where the last part of the list ended, or null for its beginning
   * @param onBytes hears that the server says something
   */
  ApiRequest<SliceListJson> list(@Nullable String next, Runnable onBytes);

  /**
   * Asks for what changes. The request ends when the server ends it.
   *
   * @param version of which on
   * @param timeoutSeconds when the server is to end it
   * @param onOpen hears that the server takes the request
   * @param onBytes hears that it says something
   * @param onEvent hears each event
   * @param pace where more is read: behind the events that wait there
   */
  ApiRequest<Boolean> watch(
      String version,
      long timeoutSeconds,
      Runnable onOpen,
      Runnable onBytes,
      Consumer<EventJson> onEvent,
      Executor pace);
}

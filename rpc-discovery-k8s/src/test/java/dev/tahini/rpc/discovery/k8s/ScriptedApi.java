package dev.tahini.rpc.discovery.k8s;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tahini.rpc.discovery.k8s.SliceJson.EventJson;
import dev.tahini.rpc.discovery.k8s.SliceJson.SliceListJson;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An API server that does what the test says, request by request, on the test's thread. */
final class ScriptedApi implements SliceApi {
  private final List<Request> requests = new ArrayList<>();

  /** A request that was made: a list if it has no events. */
  final class Request {
    final String asked;
    final CompletableFuture<SliceListJson> list = new CompletableFuture<>();
    final CompletableFuture<Boolean> watch = new CompletableFuture<>();
    private final Runnable onOpen;
    private final Runnable onBytes;
    private final @Nullable Consumer<EventJson> onEvent;
    private boolean isCancelled;
    private boolean isDistrusted;

    Request(
        String asked, Runnable onOpen, Runnable onBytes, @Nullable Consumer<EventJson> onEvent) {
      this.asked = asked;
      this.onOpen = onOpen;
      this.onBytes = onBytes;
      this.onEvent = onEvent;
      requests.add(this);
    }

    void answer(SliceListJson page) {
      onBytes.run();
      list.complete(page);
    }

    Request open() {
      onBytes.run();
      onOpen.run();
      return this;
    }

    void say(EventJson event) {
      assertFalse(onEvent == null, "not a watch: " + asked);
      onBytes.run();
      onEvent.accept(event);
    }

    void end() {
      watch.complete(true);
    }

    void fail(ApiFailure failure) {
      list.completeExceptionally(failure);
      watch.completeExceptionally(failure);
    }

    boolean isCancelled() {
      return isCancelled;
    }

    boolean isDistrusted() {
      return isDistrusted;
    }

    private <T> ApiRequest<T> of(CompletableFuture<T> end) {
      return new ApiRequest<>(end, () -> isCancelled = true, () -> isDistrusted = true);
    }
  }

  @Override
  public String server() {
    return "https://api";
  }

  @Override
  public ApiRequest<SliceListJson> list(@Nullable String next, Runnable onBytes) {
    Request request = new Request(next == null ? "list" : "list " + next, () -> {}, onBytes, null);
    return request.of(request.list);
  }

  @Override
  public ApiRequest<Boolean> watch(
      String version,
      long timeoutSeconds,
      Runnable onOpen,
      Runnable onBytes,
      Consumer<EventJson> onEvent,
      Executor pace) {
    Request request = new Request("watch " + version, onOpen, onBytes, onEvent);
    return request.of(request.watch);
  }

  /** The newest. */
  Request last() {
    return requests.get(requests.size() - 1);
  }

  /** What was asked for, in order. */
  List<String> asked() {
    return requests.stream().map(request -> request.asked).toList();
  }
}

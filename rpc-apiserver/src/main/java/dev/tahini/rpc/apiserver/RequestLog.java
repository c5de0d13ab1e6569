package dev.tahini.rpc.apiserver;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The requests so far. Thread-safe. */
final class RequestLog {
  private final List<SeenRequest> all = new ArrayList<>();
  private final Map<Verb, Integer> counts = new EnumMap<>(Verb.class);

  synchronized void add(ApiRequest request) {
    all.add(
        new SeenRequest(
            request.method(),
            request.path(),
            request.query(),
            request.token(),
            request.isWebSocket()));
    if (SlicePath.parse(request.path()) != null && !request.isWebSocket()) {
      counts.merge(Query.parse(request.query()).verb(), 1, Integer::sum);
    }
  }

  synchronized List<SeenRequest> all() {
    return List.copyOf(all);
  }

  synchronized int count(Verb verb) {
    return counts.getOrDefault(verb, 0);
  }
}

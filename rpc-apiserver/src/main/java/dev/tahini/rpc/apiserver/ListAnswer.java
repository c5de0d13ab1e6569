package dev.tahini.rpc.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list, or a page of one. Immutable.
 *
 * @param continueToken null at the end
 * @param remaining how many come after; null at the end, and where there is a selector
 */
record ListAnswer(
    long version,
    List<StoredSlice> items,
    @Nullable String continueToken,
    @Nullable Integer remaining) {

  byte[] toJson() {
    StringBuilder text = new StringBuilder();
    text.append("{\"kind\":\"EndpointSliceList\",\"apiVersion\":\"discovery.k8s.io/v1\",");
    text.append("\"metadata\":{\"resourceVersion\":\"").append(version).append('"');
    if (continueToken != null) {
      text.append(",\"continue\":\"").append(continueToken).append('"');
    }
    if (remaining != null) {
      text.append(",\"remainingItemCount\":").append(remaining);
    }
    text.append("},\"items\":[");
    for (int i = 0; i < items.size(); i++) {
      text.append(i == 0 ? "" : ",");
      items.get(i).appendItem(text);
    }
    return text.append("]}\n").toString().getBytes(UTF_8);
  }
}

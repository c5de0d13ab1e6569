package dev.tahini.rpc.apiserver;

import java.util.Map;

/**
 * A slice at a version, as JSON whose version can be written anew. Immutable.
 *
 * @param tail the JSON after the version
 */
record StoredSlice(
    String namespace,
    String name,
    Map<String, String> labels,
    String uid,
    long generation,
    long version,
    String tail) {
  private static final String KIND =
      "{\"kind\":\"EndpointSlice\",\"apiVersion\":\"discovery.k8s.io/v1\",";

  static String key(String namespace, String name) {
    return namespace + '\0' + name;
  }

  String key() {
    return key(namespace, name);
  }

  StoredSlice at(long newVersion) {
    return new StoredSlice(namespace, name, labels, uid, generation, newVersion, tail);
  }

  boolean isFor(String wantedNamespace, String service) {
    return namespace.equals(wantedNamespace) && service.equals(labels.get(FakeSlice.SERVICE_NAME));
  }

  /** As an item of a list, without kind. */
  void appendItem(StringBuilder text) {
    text.append('{');
    appendFields(text);
  }

  /** As the object of an event, with kind. */
  void appendObject(StringBuilder text) {
    text.append(KIND);
    appendFields(text);
  }

  private void appendFields(StringBuilder text) {
    text.append("\"metadata\":{\"resourceVersion\":\"").append(version).append("\",").append(tail);
  }
}

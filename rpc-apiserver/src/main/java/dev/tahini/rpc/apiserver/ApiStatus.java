package dev.tahini.rpc.apiserver;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A Status, as a real server words it. Immutable.
 *
 * @param code of HTTP
 * @param reason empty for none
 * @param retryAfterSeconds null for none
 * @param continueToken where to go on after an expired one; null for none
 */
record ApiStatus(
    int code,
    String reason,
    String message,
    @Nullable Integer retryAfterSeconds,
    @Nullable String continueToken) {

  static ApiStatus of(int code, String reason, String message) {
    return new ApiStatus(code, reason, message, null, null);
  }

  static ApiStatus unauthorized() {
    return of(401, "Unauthorized", "Unauthorized");
  }

  static ApiStatus forbidden(Verb verb, @Nullable String namespace) {
    String where =
        namespace == null ? "at the cluster scope" : "in the namespace \"" + namespace + "\"";
    String user = "system:serviceaccount:" + (namespace == null ? "prod" : namespace) + ":default";
    return of(
        403,
        "Forbidden",
        String.format(
            "endpointslices.discovery.k8s.io is forbidden: User \"%s\" cannot %s resource"
                + " \"endpointslices\" in API group \"discovery.k8s.io\" %s",
            user, verb.inRules(), where));
  }

  static ApiStatus notFound() {
    return of(404, "NotFound", "the server could not find the requested resource");
  }

  static ApiStatus badRequest(String message) {
    return of(400, "BadRequest", message);
  }

  static ApiStatus initialEventsForbidden() {
    return of(
        422,
        "Invalid",
        "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is"
            + " forbidden for watch unless the WatchList feature gate is enabled");
  }

  static ApiStatus tooOld(long version, long floor) {
    return of(410, "Expired", "too old resource version: " + version + " (" + floor + ")");
  }

  static ApiStatus listTooOld() {
    return of(410, "Expired", "The resourceVersion for the provided list is too old.");
  }

  static ApiStatus continueTooOld(String inconsistentToken) {
    String message =
        "The provided continue parameter is too old to display a consistent list result. You can"
            + " start a new list without the continue parameter, or use the continue token in this"
            + " response to retrieve the remainder of the results. Continuing with the provided"
            + " token results in an inconsistent list - objects that were created, modified, or"
            + " deleted between the time the first chunk was returned and now may show up in the"
            + " list.";
    return new ApiStatus(410, "Expired", message, null, inconsistentToken);
  }

  static ApiStatus tooLarge(long version, long current) {
    String message = "Too large resource version: " + version + ", current: " + current;
    return new ApiStatus(504, "Timeout", message, 1, null);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("kind", "Status");
    json.addProperty("apiVersion", "v1");
    JsonObject metadata = new JsonObject();
    if (continueToken != null) {
      metadata.addProperty("continue", continueToken);
    }
    json.add("metadata", metadata);
    json.addProperty("status", "Failure");
    json.addProperty("message", message);
    if (!reason.isEmpty()) {
      json.addProperty("reason", reason);
    }
    if (retryAfterSeconds != null) {
      json.add("details", details(retryAfterSeconds));
    }
    json.addProperty("code", code);
    return json;
  }

  private JsonObject details(int seconds) {
    JsonObject details = new JsonObject();
    if (message.startsWith("Too large resource version")) {
      JsonObject cause = new JsonObject();
      cause.addProperty("reason", "ResourceVersionTooLarge");
      cause.addProperty("message", "Too large resource version");
      JsonArray causes = new JsonArray();
      causes.add(cause);
      details.add("causes", causes);
    }
    details.addProperty("retryAfterSeconds", seconds);
    return details;
  }
}

package dev.tahini.rpc.discovery.k8s;

import com.google.gson.annotations.SerializedName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an API object that are read here: of an EndpointSlice, of a bookmark, or of a
 * Status. As the server has them, so that any may be missing. Immutable.
 */
record SliceJson(
    @Nullable Metadata metadata,
    @Nullable String addressType,
    @Nullable List<@Nullable EndpointJson> endpoints,
    @Nullable List<@Nullable PortJson> ports,
    @Nullable Integer code,
    @Nullable String message) {

  /** The metadata of an object, or of a list. */
  record Metadata(
      @Nullable String name,
      @Nullable String resourceVersion,
      @SerializedName("continue") @Nullable String next) {}

  /** One endpoint of a slice. */
  record EndpointJson(
      @Nullable List<@Nullable String> addresses,
      @Nullable Conditions conditions,
      @Nullable String hostname,
      @Nullable Reference targetRef,
      @Nullable String nodeName,
      @Nullable String zone,
      @Nullable Hints hints) {}

  /** Its conditions: what is missing has a meaning, see {@link SliceReader}. */
  record Conditions(
      @Nullable Boolean ready, @Nullable Boolean serving, @Nullable Boolean terminating) {}

  /** The object that it stands for, mostly a pod. */
  record Reference(@Nullable String name) {}

  /** For whom it is meant. */
  record Hints(@Nullable List<@Nullable Zone> forZones) {}

  /** A zone. */
  record Zone(@Nullable String name) {}

  /** One port of a slice. */
  record PortJson(@Nullable String name, @Nullable Integer port, @Nullable String protocol) {}

  /** A list of slices, or a part of it. */
  record SliceListJson(@Nullable Metadata metadata, @Nullable List<@Nullable SliceJson> items) {}

  /** One line of a watch. */
  record EventJson(@Nullable String type, @Nullable SliceJson object) {}
}

package dev.tahini.rpc.discovery.k8s;

import com.google.gson.Gson;
import dev.tahini.rpc.discovery.k8s.SliceJson.EventJson;
import dev.tahini.rpc.discovery.k8s.SliceJson.SliceListJson;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Objects of the API, written as the server writes them, with single quotes. */
final class SliceTexts {
  private static final Gson GSON = new Gson();

  private SliceTexts() {}

  static SliceJson slice(String json) {
    return GSON.fromJson(json, SliceJson.class);
  }

  /** A slice of IPv4 addresses, all ready, at the port grpc, 80. */
  static String ready(String name, int version, String... addresses) {
    return ofEndpoints(
        name,
        version,
        Arrays.stream(addresses)
            .map(ip -> "{'addresses':['" + ip + "'],'conditions':{'ready':true}}")
            .toArray(String[]::new));
  }

  static String ofEndpoints(String name, int version, String... endpoints) {
    return ("{'metadata':{'name':'%s','resourceVersion':'%d'},'addressType':'IPv4','endpoints':[%s],"
            + "'ports':[{'name':'grpc','port':80,'protocol':'TCP'}]}")
        .formatted(name, version, String.join(",", endpoints));
  }

  static EventJson event(String type, String slice) {
    return GSON.fromJson("{'type':'" + type + "','object':" + slice + "}", EventJson.class);
  }

  static EventJson bookmark(int version) {
    return event(
        "BOOKMARK",
        "{'metadata':{'resourceVersion':'"
            + version
            + "'},'addressType':'','endpoints':null,'ports':null}");
  }

  static EventJson error(int code) {
    return event(
        "ERROR",
        "{'kind':'Status','metadata':{},'status':'Failure','message':'no','code':" + code + "}");
  }

  static SliceListJson list(int version, String next, String... slices) {
    return GSON.fromJson(
        "{'metadata':{'resourceVersion':'%d','continue':'%s'},'items':[%s]}"
            .formatted(version, next, Arrays.stream(slices).collect(Collectors.joining(","))),
        SliceListJson.class);
  }
}

package dev.tahini.rpc.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Base64;

/**
 * Where the next page of a list begins. Immutable.
 *
 * @param version of the whole list; {@link #LATEST} for whatever there is
 * @param last the key after which it begins
 */
record ContinueToken(long version, String last) {
  static final long LATEST = -1;

  static ContinueToken parse(String text) throws Refusal {
    try {
      String json = new String(Base64.getUrlDecoder().decode(text), UTF_8);
      JsonObject object = JsonParser.parseString(json).getAsJsonObject();
      return new ContinueToken(object.get("rv").getAsLong(), object.get("start").getAsString());
    } catch (IllegalArgumentException
        | IllegalStateException
        | NullPointerException
        | JsonParseException e) {
      throw new Refusal(ApiStatus.badRequest("continue key is not valid: " + e.getMessage()));
    }
  }

  String encode() {
    JsonObject object = new JsonObject();
    object.addProperty("v", "meta.k8s.io/v1");
    object.addProperty("rv", version);
    object.addProperty("start", last);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(object.toString().getBytes(UTF_8));
  }
}

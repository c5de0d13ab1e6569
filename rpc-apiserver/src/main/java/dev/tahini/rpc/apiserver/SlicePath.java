package dev.tahini.rpc.apiserver;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The path of a namespace's slices; a namespace of null means all of them. */
record SlicePath(@Nullable String namespace) {
  private static final Pattern PATTERN =
      Pattern.compile("/apis/discovery\\.k8s\\.io/v1/(?:namespaces/([^/]+)/)?endpointslices/?");

  /** Null if it is another path. */
  static @Nullable SlicePath parse(String path) {
    Matcher matcher = PATTERN.matcher(path);
    return matcher.matches() ? new SlicePath(matcher.group(1)) : null;
  }
}

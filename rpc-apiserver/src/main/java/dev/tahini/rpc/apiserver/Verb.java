package dev.tahini.rpc.apiserver;

/** What a request for slices wants, by the name that Kubernetes gives it in its rules of access. */
public enum Verb {
  /** The slices that there are. */
  LIST,
  /** The changes of slices, as they come. */
  WATCH;

  String inRules() {
    return this == LIST ? "list" : "watch";
  }
}

package dev.tahini.rpc.debug.http;

/** Who answers what a server takes. */
@FunctionalInterface
interface Answers {
  DebugResponse answer(DebugRequest request);
}

package dev.tahini.rpc.examples.cli;

import org.slf4j.bridge.SLF4JBridgeHandler;

/** Leads {@code java.util.logging}, which gRPC uses, to SLF4J. */
final class LogBridge {
  private LogBridge() {}

  static void install() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }
}

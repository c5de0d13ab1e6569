package dev.tahini.rpc.examples.demo;

import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.util.Modules;
import dev.tahini.rpc.debug.http.DebugHttpModule;
import dev.tahini.rpc.debug.http.DebugHttpOptions;
import dev.tahini.rpc.debug.http.DebugHttpServer;
import org.jspecify.annotations.Nullable;

/**
 * The page of the demo's clients, if it is asked for.
 *
 * @param port where it listens on 127.0.0.1, 0 for any; null for no page
 */
record DemoPage(@Nullable Integer port) {

  /** Checks the port. */
  DemoPage {
    if (port != null) {
      DebugHttpOptions unused = DebugHttpOptions.defaults().withPort(port);
    }
  }

  Module module() {
    return port == null
        ? Modules.EMPTY_MODULE
        : new DebugHttpModule(DebugHttpOptions.defaults().withPort(port));
  }

  void tell(Injector injector, Display display) {
    if (port != null) {
      int bound = injector.getInstance(DebugHttpServer.class).address().getPort();
      display.say("What the client knows: http://127.0.0.1:" + bound + "/debug/backends");
    }
  }
}

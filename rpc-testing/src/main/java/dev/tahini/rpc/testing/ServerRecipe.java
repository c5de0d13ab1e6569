package dev.tahini.rpc.testing;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;

/** What every server of a backend is made of, the first and those after a restart. */
record ServerRecipe(
    List<ServerServiceDefinition> services,
    ServerInterceptor interceptor,
    ServerTransportFilter connections,
    Executor executor) {

  /**
   * Starts one more.
   *
   * @throws IllegalStateException if it cannot listen
   */
  Server start(String backend, ServerBuilder<?> builder) {
    services.forEach(builder::addService);
    try {
      return builder
          .intercept(interceptor)
          .addTransportFilter(connections)
          .executor(executor)
          .build()
          .start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "backend " + backend + ": cannot listen (expected: a free address): " + e.getMessage(),
          e);
    }
  }
}

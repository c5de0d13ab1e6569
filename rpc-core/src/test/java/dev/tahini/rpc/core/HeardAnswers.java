package dev.tahini.rpc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a resolver is told. */
class HeardAnswers implements Discovery.Listener {
  final List<List<Endpoint>> lists = new ArrayList<>();
  final List<Status> errors = new ArrayList<>();

  @Override
  public void onEndpoints(List<Endpoint> endpoints) {
    lists.add(endpoints);
  }

  @Override
  public void onError(Status error) {
    errors.add(error);
  }

  Status onlyError() {
    assertEquals(1, errors.size());
    return errors.get(0);
  }
}

package dev.tahini.rpc.core;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The backend of an address, whatever its state: the client knows what to do in each. */
final class AddressPicker implements Picker {
  private final Map<String, Backend> byAddress;

  AddressPicker(List<LiveBackend> listed) {
    // Two addresses may be written alike (a name resolved and not): the first of them counts.
    this.byAddress = listed.stream().collect(toMap(Backend::address, identity(), (a, b) -> a));
  }

  @Override
  public @Nullable Backend pick(PickRequest request) {
    String address = request.key();
    return address == null ? null : byAddress.get(address);
  }

  @Override
  public Status whyNone(PickRequest request) {
    return Status.UNAVAILABLE.withDescription(
        request.key() + " is not among its " + byAddress.size() + " backends");
  }
}

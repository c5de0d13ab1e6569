package dev.tahini.rpc.core;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The backend of an address, whatever its state: the client knows what to do in each. */
final class AddressPicker implements BackendPicker {
  private final Map<String, LiveBackend> byAddress;

  AddressPicker(List<LiveBackend> listed) {
    // Two addresses may be written alike (a name resolved and not): the first of them counts.
    this.byAddress = listed.stream().collect(toMap(LiveBackend::address, identity(), (a, b) -> a));
  }

  @Override
  public @Nullable LiveBackend pick(Pick pick, Attempts attempts, MethodDescriptor<?, ?> method) {
    String address = pick.key();
    return address == null ? null : byAddress.get(address);
  }

  @Override
  public Status whyNone(Pick pick, Attempts attempts, MethodDescriptor<?, ?> method) {
    return Status.UNAVAILABLE.withDescription(
        pick.key() + " is not among its " + byAddress.size() + " backends");
  }
}

package dev.tahini.rpc.tests.contract;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.testing.contract.PickerFactoryContract;
import java.util.List;

/** A user's picker by key, bound to the owner of the key. */
class ByTenantContractTest extends PickerFactoryContract {

  @Override
  protected Picker.Factory newFactory() {
    return new ByTenant();
  }

  @Override
  protected Endpoint decorate(Endpoint plain, int number) {
    return plain.withAttribute("tenant", "tenant-" + number);
  }

  @Override
  protected Pick pick(int call, List<Endpoint> listed) {
    return Pick.with("by_tenant", listed.get(call % listed.size()).attributes().get("tenant"));
  }

  @Override
  protected boolean isBoundToOneBackend() {
    return true;
  }
}

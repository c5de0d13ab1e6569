package dev.tahini.rpc.tests.contract;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Picker;
import java.util.HashMap;
import java.util.Map;

/** The README's example of a picker: a table made for each list, whose owners take the calls. */
record ByTenant() implements Picker.Factory {
  @Override
  public String name() {
    return "by_tenant";
  }

  @Override
  public Picker create(Picker.Backends backends) {
    Map<String, Backend> owners = new HashMap<>();
    for (Backend backend : backends.all()) {
      owners.put(backend.endpoint().attributes().get("tenant"), backend);
    }
    return request -> owners.get(request.key());
  }
}

package dev.tahini.rpc.tests.contract;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.testing.contract.PickerContract;
import java.util.List;

class RandomContractTest extends PickerContract {

  @Override
  protected Pick pick(int call, List<Endpoint> listed) {
    return Pick.random();
  }
}

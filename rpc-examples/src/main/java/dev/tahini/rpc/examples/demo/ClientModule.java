package dev.tahini.rpc.examples.demo;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.core.RpcBinder;
import dev.tahini.rpc.examples.admin.v1.AdminGrpc;
import dev.tahini.rpc.examples.admin.v1.AdminGrpc.AdminBlockingStub;
import dev.tahini.rpc.examples.cache.v1.CacheGrpc;
import dev.tahini.rpc.examples.cache.v1.CacheGrpc.CacheBlockingStub;
import dev.tahini.rpc.examples.greeter.v1.GreeterGrpc;
import dev.tahini.rpc.examples.greeter.v1.GreeterGrpc.GreeterBlockingStub;

/** Binds a client for each service; all of one target, they share one channel. */
final class ClientModule extends AbstractModule {
  private final Target target;
  private final CallMeter meter;

  ClientModule(Target target, CallMeter meter) {
    this.target = target;
    this.meter = meter;
  }

  @Override
  protected void configure() {
    RpcBinder rpc = RpcBinder.rpcBinder(binder());
    String to = target.toString();
    rpc.bindClient(GreeterBlockingStub.class, GreeterGrpc::newBlockingStub).to(to).plaintext();
    rpc.bindClient(CacheBlockingStub.class, CacheGrpc::newBlockingStub).to(to).plaintext();
    rpc.bindClient(AdminBlockingStub.class, AdminGrpc::newBlockingStub).to(to).plaintext();
    Multibinder.newSetBinder(binder(), ClientFeature.class).addBinding().toInstance(meter);
  }
}

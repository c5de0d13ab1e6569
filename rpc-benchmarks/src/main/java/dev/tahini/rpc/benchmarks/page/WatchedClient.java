package dev.tahini.rpc.benchmarks.page;

import dev.tahini.rpc.benchmarks.calls.EchoStubs;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.core.StaticDiscovery;
import dev.tahini.rpc.debug.http.DebugFeature;
import dev.tahini.rpc.debug.http.DebugHttpOptions;
import dev.tahini.rpc.debug.http.DebugHttpServer;
import dev.tahini.rpc.debug.http.DebugPages;
import io.grpc.Channel;
import java.util.Map;

/** A client of some servers, with the page that shows it, served over loopback. */
record WatchedClient(
    RpcClient<Channel> client, EchoStubs stubs, DebugPages pages, DebugHttpServer server)
    implements AutoCloseable {

  /**
   * Makes it.
   *
   * @param addresses of the servers, with commas between
   */
  static WatchedClient of(String addresses) {
    DebugFeature debug = new DebugFeature();
    DebugHttpOptions options = DebugHttpOptions.defaults().withPort(0);
    DebugPages pages = DebugPages.of(debug, options);
    DebugHttpServer server = DebugHttpServer.start(options, pages);
    RpcClient<Channel> client = builder(addresses).feature(debug).build();
    return new WatchedClient(client, EchoStubs.of(client.stub(), client::close), pages, server);
  }

  /** A client without a page. */
  static EchoStubs unwatched(String addresses) {
    RpcClient<Channel> client = builder(addresses).build();
    return EchoStubs.of(client.stub(), client::close);
  }

  private static RpcClient.Builder<Channel> builder(String addresses) {
    return RpcClient.<Channel>builder("echo", channel -> channel)
        .discovery(new StaticDiscovery(Map.of("echo", addresses)))
        .plaintext();
  }

  @Override
  public void close() {
    stubs.close();
    server.close();
  }
}

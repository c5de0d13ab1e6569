package dev.tahini.rpc.examples.cache;

import com.google.protobuf.ByteString;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.examples.cache.v1.CacheGrpc;
import dev.tahini.rpc.examples.cache.v1.CacheGrpc.CacheBlockingStub;
import dev.tahini.rpc.examples.cache.v1.GetRequest;
import dev.tahini.rpc.examples.cache.v1.PutRequest;
import dev.tahini.rpc.examples.cli.Cli;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** Gets or puts one key of a sharded cache; without Guice. */
@Command(
    name = "cache-client",
    description = "Gets the value of KEY from the server that owns it, or puts VALUE there.")
public final class CacheClient implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "HOST:PORT,HOST:PORT", description = "All the servers.")
  private String servers = "";

  @Parameters(index = "1", paramLabel = "KEY", description = "Any text.")
  private String key = "";

  @Parameters(index = "2", paramLabel = "VALUE", arity = "0..1", description = "Any text.")
  private @Nullable String value;

  /**
   * Runs the client.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(Cli.run(new CacheClient(), args));
  }

  @Override
  public Integer call() {
    try (RpcClient<CacheBlockingStub> client =
        RpcClient.builder("static:///" + servers, CacheGrpc::newBlockingStub).plaintext().build()) {
      CacheBlockingStub owner = client.stub(Pick.shard(key));
      if (value == null) {
        ByteString found = owner.get(GetRequest.newBuilder().setKey(key).build()).getValue();
        System.out.println(found.toStringUtf8());
      } else {
        ByteString bytes = ByteString.copyFromUtf8(value);
        var unused = owner.put(PutRequest.newBuilder().setKey(key).setValue(bytes).build());
        System.out.println(key + " is now on " + client.view().owners(key).get(0).address());
      }
      return ExitCode.OK;
    } catch (StatusRuntimeException e) {
      Status status = e.getStatus();
      System.err.println("cache-client: " + status.getCode() + ": " + status.getDescription());
      return ExitCode.SOFTWARE;
    }
  }
}

package dev.tahini.rpc.examples.cache;

import com.google.protobuf.ByteString;
import dev.tahini.rpc.examples.cache.v1.CacheGrpc;
import dev.tahini.rpc.examples.cache.v1.GetRequest;
import dev.tahini.rpc.examples.cache.v1.GetResponse;
import dev.tahini.rpc.examples.cache.v1.PutRequest;
import dev.tahini.rpc.examples.cache.v1.PutResponse;
import dev.tahini.rpc.examples.server.Delay;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** Keeps values by key in memory, checked and bounded. */
public final class CacheService extends CacheGrpc.CacheImplBase {
  private static final int MAX_ENTRIES = 10_000;
  private static final int MAX_KEY_BYTES = 1_024;
  private static final int MAX_VALUE_BYTES = 1 << 20;

  private final CacheStore<ByteString> store = new CacheStore<>(MAX_ENTRIES);
  private final Delay delay;

  /**
   * An empty cache.
   *
   * @param delay how long each answer takes
   */
  public CacheService(Delay delay) {
    this.delay = delay;
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> caller) {
    delay.answer(caller, () -> get(request));
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> caller) {
    delay.answer(caller, () -> put(request));
  }

  private GetResponse get(GetRequest request) {
    checkLength("key", request.getKeyBytes().size(), 1, MAX_KEY_BYTES);
    ByteString value =
        store
            .get(request.getKey())
            .orElseThrow(
                () ->
                    Status.NOT_FOUND
                        .withDescription("key: " + request.getKey() + " is not in this cache")
                        .asRuntimeException());
    return GetResponse.newBuilder().setValue(value).build();
  }

  private PutResponse put(PutRequest request) {
    checkLength("key", request.getKeyBytes().size(), 1, MAX_KEY_BYTES);
    checkLength("value", request.getValue().size(), 0, MAX_VALUE_BYTES);
    store.put(request.getKey(), request.getValue());
    return PutResponse.getDefaultInstance();
  }

  private static void checkLength(String name, int length, int min, int max) {
    if (length < min || length > max) {
      throw Status.INVALID_ARGUMENT
          .withDescription(
              name + ": " + length + " bytes (expected: " + min + " to " + max + " bytes)")
          .asRuntimeException();
    }
  }
}

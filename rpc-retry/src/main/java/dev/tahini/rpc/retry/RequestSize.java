package dev.tahini.rpc.retry;

import com.google.protobuf.MessageLite;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** How large a request is, before gRPC writes it. */
final class RequestSize {
  private RequestSize() {}

  /** Whether a message has at most so many bytes; one that cannot be written has not. */
  static <T> boolean isWithin(int limit, T message, MethodDescriptor<T, ?> method) {
    if (message instanceof MessageLite proto) {
      return proto.getSerializedSize() <= limit; // which gRPC asks for, too, and proto remembers
    }
    if (message instanceof AutoCloseable) {
      return false; // a stream, as in proxies: to read it here would be to take it away
    }
    try (InputStream bytes = method.streamRequest(message)) {
      if (bytes instanceof KnownLength) {
        return bytes.available() <= limit;
      }
      bytes.skipNBytes(limit + 1L);
      return false;
    } catch (EOFException e) {
      return true;
    } catch (IOException | RuntimeException e) {
      return false; // gRPC will find the same, and tell the caller
    }
  }
}

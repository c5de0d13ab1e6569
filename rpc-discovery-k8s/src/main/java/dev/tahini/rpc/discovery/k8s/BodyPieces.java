package dev.tahini.rpc.discovery.k8s;

import com.google.gson.JsonParseException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a body in pieces, wherever the network cuts it: line by line, or as one. A piece that is
 * too long is an error, and not memory. Called by the HTTP client, one method after the other;
 * {@link #cancel} by any thread.
 */
final class BodyPieces implements BodySubscriber<Boolean> {
  private static final int NO_SEPARATOR = -1;

  private final int separator;
  private final int mostBytes;
  private final Runnable onBytes;
  private final Consumer<byte[]> onPiece;
  private final Executor pace;
  private final CompletableFuture<Boolean> end = new CompletableFuture<>();
  private final List<ByteBuffer> parts = new ArrayList<>();
  private int bytesOfParts;
  private volatile Flow.@Nullable Subscription subscription;

  private BodyPieces(
      int separator, int mostBytes, Runnable onBytes, Consumer<byte[]> onPiece, Executor pace) {
    this.separator = separator;
    this.mostBytes = mostBytes;
    this.onBytes = onBytes;
    this.onPiece = onPiece;
    this.pace = pace;
  }

  /**
   * Line by line. What has no end of line when the body ends is a line cut off, and is dropped.
   *
   * @param mostBytes in a line
   * @param onBytes hears that something came, be it only a part of a line
   * @param onLine hears each line that is not empty
   * @param pace where more is asked for: behind the lines that wait there
   */
  static BodyPieces lines(int mostBytes, Runnable onBytes, Consumer<byte[]> onLine, Executor pace) {
    return new BodyPieces('\n', mostBytes, onBytes, onLine, pace);
  }

  /** All at the end. */
  static BodyPieces whole(int mostBytes, Runnable onBytes, Consumer<byte[]> onBody) {
    return new BodyPieces(NO_SEPARATOR, mostBytes, onBytes, onBody, Runnable::run);
  }

  @Override
  public CompletionStage<Boolean> getBody() {
    return end;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    if (end.isDone()) {
      subscription.cancel();
    } else {
      subscription.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    onBytes.run();
    try {
      for (ByteBuffer buffer : buffers) {
        take(buffer);
      }
    } catch (RuntimeException e) {
      cancel(e);
      return;
    }
    Flow.Subscription more = subscription;
    if (more != null) {
      pace.execute(() -> more.request(1));
    }
  }

  private void take(ByteBuffer buffer) {
    int start = buffer.position();
    for (int i = start; i < buffer.limit(); i++) {
      if (buffer.get(i) == separator) {
        add(buffer.slice(start, i - start));
        endPiece();
        start = i + 1;
      }
    }
    add(buffer.slice(start, buffer.limit() - start));
  }

  private void add(ByteBuffer part) {
    if (part.remaining() > mostBytes - bytesOfParts) {
      throw new JsonParseException("more than " + mostBytes + " bytes in one piece");
    }
    if (part.hasRemaining()) {
      parts.add(part);
      bytesOfParts += part.remaining();
    }
  }

  private void endPiece() {
    if (bytesOfParts > 0) {
      ByteBuffer piece = ByteBuffer.allocate(bytesOfParts);
      parts.forEach(piece::put);
      parts.clear();
      bytesOfParts = 0;
      onPiece.accept(piece.array());
    }
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    try {
      if (separator == NO_SEPARATOR) {
        endPiece();
      }
      end.complete(true);
    } catch (RuntimeException e) {
      end.completeExceptionally(e);
    }
  }

  /** Closes the connection, if the body has not ended. */
  void cancel() {
    cancel(new CancellationException());
  }

  /** Without an end of the body the HTTP client would count the request as open for ever. */
  private void cancel(Exception why) {
    end.completeExceptionally(why); // first: what subscribes from now on sees it
    Flow.Subscription open = subscription;
    if (open != null) {
      open.cancel();
    }
  }
}

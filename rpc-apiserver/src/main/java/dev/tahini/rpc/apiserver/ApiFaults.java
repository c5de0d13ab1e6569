package dev.tahini.rpc.apiserver;

import java.util.EnumSet;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What breaks a {@link FakeApiServer}. A fault lasts until it is lifted, or for the next so many
 * requests. What is "sent" goes to each watch that is open now, after what it has to say already.
 * Thread-safe.
 */
public final class ApiFaults {
  private final FaultState state;
  private final SliceStore slices;
  private final Listener listener;

  ApiFaults(FaultState state, SliceStore slices, Listener listener) {
    this.state = state;
    this.slices = slices;
    this.listener = listener;
  }

  /** Ends all faults that last: those of requests to come, stalls, splitting; listens again. */
  public void lift() {
    state.lift();
    listener.accept();
  }

  // Answers.

  /**
   * Answers the next {@code count} requests of the verb with a Status of this HTTP code. Several
   * wait for their turn, in order.
   *
   * @param reason such as {@code TooManyRequests}, {@code InternalError}; empty for none
   * @param retryAfterSeconds for the header {@code Retry-After}; null for none
   */
  public void failNext(
      int count,
      Verb verb,
      int code,
      String reason,
      String message,
      @Nullable Integer retryAfterSeconds) {
    failNext(count, EnumSet.of(verb), code, reason, message, retryAfterSeconds);
  }

  /** As the other, for lists and watches alike. */
  public void failNext(
      int count, int code, String reason, String message, @Nullable Integer retryAfterSeconds) {
    failNext(count, EnumSet.allOf(Verb.class), code, reason, message, retryAfterSeconds);
  }

  private void failNext(
      int count,
      EnumSet<Verb> verbs,
      int code,
      String reason,
      String message,
      @Nullable Integer retryAfterSeconds) {
    ApiStatus status = new ApiStatus(code, reason, message, retryAfterSeconds, null);
    state.failures.add(count, verbs, status);
  }

  /** Answers the next list with a continue token with HTTP 410, as if it had expired. */
  public void expireNextContinue() {
    state.expiredContinues.incrementAndGet();
  }

  /**
   * Answers the next {@code count} watches with 200 and one ERROR event, 410 Expired, and ends
   * them.
   */
  public void expireNextWatches(int count) {
    failNextWatchesInStream(count, 410, "Expired", "too old resource version: 1 (5)");
  }

  /**
   * Answers the next {@code count} watches with 200 and one ERROR event with this Status, and ends
   * them.
   */
  public void failNextWatchesInStream(int count, int code, String reason, String message) {
    ApiStatus status = new ApiStatus(code, reason, message, null, null);
    state.streamFailures.add(count, EnumSet.of(Verb.WATCH), status);
  }

  /** Sends an ERROR event with this Status, and ends the watches. */
  public void sendErrorEvent(int code, String reason, String message) {
    byte[] line = WatchLine.error(new ApiStatus(code, reason, message, null, null));
    slices.sendAll(WatchStep.line(line), WatchStep.end());
  }

  /** What a WebSocket's opening is answered with, with an empty body; 200 at first. */
  public void webSocketStatus(int code) {
    state.webSocketStatus = code;
  }

  /** Lists are compressed for those who accept gzip. Off at first. */
  public void compressLists(boolean on) {
    state.compressesLists = on;
  }

  // Time.

  /**
   * Falls silent like a paused process: connections and requests are taken, nothing is said, open
   * watches say nothing more. Changes wait.
   */
  public void stall() {
    state.stall.shut();
  }

  /** Goes on: requests are answered, and watches that are still there say what has waited. */
  public void unstall() {
    state.stall.open();
  }

  /**
   * Open watches say nothing more, for ever, and do not end; all else works. What they had to say
   * is lost.
   */
  public void muteWatches() {
    slices.sendAllFirst(WatchStep.silence(new byte[0]));
  }

  /**
   * Lists are taken and not answered until {@link #releaseLists}. They then show what there is
   * then.
   */
  public void holdLists() {
    state.lists.shut();
  }

  /** Ends {@link #holdLists}. */
  public void releaseLists() {
    state.lists.open();
  }

  // Connections.

  /** Cuts all connections with an RST. New ones are accepted. */
  public void cutConnections() {
    listener.resetAll();
  }

  /** Refuses new connections; the others stay. */
  public void refuseConnections() {
    listener.refuse();
  }

  /** Listens again, on the same port. */
  public void acceptConnections() {
    listener.accept();
  }

  /** Ends all watches cleanly, as at their timeout. */
  public void endWatches() {
    slices.sendAll(WatchStep.end());
  }

  /** Sends the first half of an event and then an RST. */
  public void cutWatchesInLine() {
    slices.sendAll(WatchStep.cut(WatchLine.half()));
  }

  /** Sends the first half of an event and then ends the watches cleanly. */
  public void endWatchesInLine() {
    slices.sendAll(WatchStep.line(WatchLine.half()), WatchStep.end());
  }

  /** Cuts the connections of the next {@code count} lists with an RST, after half of the body. */
  public void cutNextLists(int count) {
    state.cutLists.addAndGet(count);
  }

  // Bytes.

  /** Cuts bodies into chunks of these sizes from now on; also those of lists. */
  public void chunking(Splitter splitter) {
    state.splitter = splitter;
  }

  /** Sends some events (half of them, by the seed and their version) twice, from now on. */
  public void duplicateEvents(long seed) {
    state.duplicates = version -> new Random(seed + version * 0x9E37_79B9L).nextBoolean();
  }

  /**
   * Watches that resume see up to {@code changes} once more that are older than their version, in
   * order.
   */
  public void replayOnResume(int changes) {
    state.replayedChanges = changes;
  }

  /** Sends an event of a type that nobody knows. */
  public void sendUnknownEvent(String type) {
    slices.sendAll(WatchStep.line(WatchLine.unknown(type, 0)));
  }

  /** Sends a line, as it is, and a line feed. */
  public void sendLine(String line) {
    slices.sendAll(WatchStep.line(WatchLine.raw(line)));
  }

  /** Sends an event of an unknown type, good JSON, with a line of at least so many bytes. */
  public void sendLongLine(int bytes) {
    slices.sendAll(WatchStep.line(WatchLine.unknown("PADDING", bytes)));
  }

  /** Sends so many bytes of a line that does not end, and nothing more, ever. */
  public void sendEndlessLine(int bytes) {
    slices.sendAll(WatchStep.silence(WatchLine.endless(bytes)));
  }
}

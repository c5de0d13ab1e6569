package dev.tahini.rpc;

import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the backend of an attempt. An SPI; the library's own choices are written against it.
 *
 * <p>A picker is made from the backends of a target whenever their list or anything in an endpoint
 * changes, and not when a connection changes state: it reads {@link Backend#state()} live, or draws
 * from {@link Backends#ready()}. What the client does with the backend it returns:
 *
 * <table>
 *   <caption>By the state of the backend</caption>
 *   <tr><th>READY</th><td>the attempt goes there</td></tr>
 *   <tr><th>IDLE, CONNECTING</th><td>it is connected, and the attempt waits; at the next change of
 *       any connection it is picked again</td></tr>
 *   <tr><th>TRANSIENT_FAILURE</th><td>the attempt fails with the backend's last error; under {@code
 *       waitForReady} it waits</td></tr>
 *   <tr><th>SHUTDOWN</th><td>it has just left the list: the attempt is picked again</td></tr>
 * </table>
 *
 * <p>{@link #pick} is called by many threads at once, also on gRPC's own. It must not block, and
 * should neither lock nor allocate. If it throws, or returns a backend of another client, the
 * attempt fails with {@code INTERNAL} naming the picker. {@link Backends} and {@link ReadySet} are
 * implemented by the library only.
 */
@FunctionalInterface
public interface Picker {

  /**
   * Chooses.
   *
   * @param request what the call asks for; valid only until this method returns
   * @return one of the backends that this picker was made from, or null if none of them suits
   */
  @Nullable Backend pick(PickRequest request);

  /**
   * Says what becomes of an attempt for which {@link #pick} returned null.
   *
   * <p>The client's own answer, null, is: wait while a connection is being made, else fail with
   * {@code UNAVAILABLE}: with the last connection error, or, where others are ready, saying so.
   *
   * @param request the request for which there was no backend; valid only until this method returns
   * @return the status to fail with, unless the call is {@code waitForReady} (gRPC makes {@code
   *     INTERNAL} of codes that only a server may give, such as {@code NOT_FOUND}); {@code OK} to
   *     wait for the next change of any connection or of the list; null for the client's own answer
   */
  default @Nullable Status whyNone(PickRequest request) {
    return null;
  }

  /**
   * Makes a picker for each list of backends. Thread-safe; one serves every client of an injector.
   */
  interface Factory {

    /**
     * The name by which {@link Pick#with} asks for its pickers.
     *
     * @return a name of its own, such as {@code "by_tenant"}; always the same
     */
    String name();

    /**
     * Makes the picker for one list of backends. Called once per list, before it is used, off the
     * callers' threads; it should take no longer than O(N).
     *
     * @param backends the list, never empty, and which of it are ready
     * @return the picker for this list
     */
    Picker create(Backends backends);
  }

  /** The backends of a target: a fixed list, and a live view of which of them are ready. */
  interface Backends {

    /**
     * Every backend that is listed, each once.
     *
     * @return an unmodifiable list in discovery's order
     */
    List<Backend> all();

    /**
     * Those that new calls may go to now: {@code READY} and serving. The draining ones take their
     * place while no serving one is ready or on its way to be. Ask anew for each pick; the set that
     * is returned is kept up to date meanwhile.
     *
     * @return the live set
     */
    ReadySet ready();
  }

  /**
   * The backends that can take a call now. Others may join and leave between two reads, so that an
   * index below {@link #size()} may be free by the time it is read.
   *
   * <p>Thread-safe without locks; reads are O(1) and allocate nothing.
   */
  interface ReadySet {

    /**
     * How many there are.
     *
     * @return 0 or more
     */
    int size();

    /**
     * The one at an index. The order means nothing and changes. Where it is null though the size
     * said otherwise, another index may still have one; a picker that gives up returns null, and
     * the attempt is picked again.
     *
     * @param index from 0
     * @return the backend there, or null if there is none (any more)
     */
    @Nullable Backend get(int index);
  }
}

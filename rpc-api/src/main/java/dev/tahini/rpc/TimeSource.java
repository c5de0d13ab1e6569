package dev.tahini.rpc;

import io.grpc.Deadline;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The one source of time of a client and of everything that is plugged into it: durations, points
 * in time and delays, which a test replaces together. Thread-safe.
 *
 * <p>With Guice, {@code RpcModule} binds it to the system's unless an {@code OptionalBinder} says
 * otherwise; plug-ins have it injected.
 */
public interface TimeSource {

  /**
   * For durations and deadlines.
   *
   * @return always the same
   */
  Deadline.Ticker ticker();

  /**
   * For points in time.
   *
   * @return always the same
   */
  InstantSource clock();

  /**
   * For what is to be done later. It is one thread for everybody: its tasks are short, do not
   * block, and hand on to another executor what runs a user's code, such as the start of a call.
   *
   * @return always the same; nobody shuts it down
   */
  ScheduledExecutorService scheduler();

  /**
   * The system's time. Delays have a daemon thread, which is there only while something is due.
   *
   * @return a new one; a client or an injector has one of its own
   */
  static TimeSource system() {
    return new SystemTime();
  }
}

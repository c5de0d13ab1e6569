package dev.tahini.rpc.examples.demo;

import java.time.Duration;

/** Where the demo is seen. Thread-safe; nothing is shown after {@link #close}. */
interface Display extends AutoCloseable {

  /** Shows the table as it is now. */
  void show(Frame frame);

  /** Says something that stays to be read. */
  void say(String line);

  /** How often the table is worth showing. */
  Duration pace();

  @Override
  void close();
}

package dev.tahini.rpc.examples.demo;

import com.google.inject.Module;
import dev.tahini.rpc.Target;
import java.util.List;

/**
 * Where the list of the demo's servers is kept, for discovery to find it there. Confined to one
 * thread.
 */
interface ServerList extends AutoCloseable {

  /** Whom clients call: those on the list. */
  Target target();

  /** What clients install to find it. */
  Module discovery();

  /** Where it is kept, such as "in a field of this program". */
  String place();

  /**
   * Replaces it, all at once. Clients may see that only later.
   *
   * @param addresses as {@code host:port}
   */
  void list(List<String> addresses);

  @Override
  void close();
}

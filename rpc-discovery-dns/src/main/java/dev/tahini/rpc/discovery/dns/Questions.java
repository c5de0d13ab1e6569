package dev.tahini.rpc.discovery.dns;

import java.util.concurrent.CompletionStage;
import org.xbill.DNS.Name;

/** Who can be asked for records. Does not block; what goes wrong is an {@link Answer.Failed}. */
@FunctionalInterface
interface Questions {

  /**
   * Asks for the records of a name, which is absolute, and a type of {@link org.xbill.DNS.Type}.
   */
  CompletionStage<Answer> ask(Name name, int type);
}

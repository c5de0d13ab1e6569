package dev.tahini.rpc.benchmarks.discovery;

import io.grpc.internal.DnsNameResolver.AddressResolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Looks addresses up at one DNS server, in place of the JDK: each time anew, without a cache.
 * Thread-safe; blocks.
 */
final class BindLookUp implements AddressResolver {
  private final SimpleResolver resolver;
  private final AtomicInteger lookUps = new AtomicInteger();

  BindLookUp(InetSocketAddress server) {
    resolver = new SimpleResolver(server);
  }

  @Override
  public List<InetAddress> resolveAddress(String host) throws IOException {
    lookUps.incrementAndGet();
    Name name = Name.fromString(host, Name.root);
    Message question = Message.newQuery(Record.newRecord(name, Type.A, DClass.IN));
    List<InetAddress> found =
        resolver.send(question).getSection(Section.ANSWER).stream()
            .filter(ARecord.class::isInstance)
            .map(record -> ((ARecord) record).getAddress())
            .toList();
    if (found.isEmpty()) {
      throw new UnknownHostException(host);
    }
    return found;
  }

  /** How often it was asked. */
  int lookUps() {
    return lookUps.get();
  }
}

package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.WireParseException;
import org.xbill.DNS.io.IoClientFactory;

/** One DNS server, asked once over UDP and, where the answer is too long for that, over TCP. */
final class DnsServer implements Questions {
  private static final Logger logger = LoggerFactory.getLogger(DnsServer.class);

  private final String address;
  private final SimpleResolver resolver;
  private final Duration timeout;
  private final QueryCounts counts;

  DnsServer(
      InetSocketAddress address, IoClientFactory transport, Duration timeout, QueryCounts counts) {
    this.address = Endpoint.of(address).addressText();
    this.resolver = new SimpleResolver(address);
    this.timeout = timeout;
    this.counts = counts;
    resolver.setIoClientFactory(transport);
    resolver.setTimeout(timeout);
  }

  @Override
  public CompletionStage<Answer> ask(Name name, int type) {
    try {
      Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
      return resolver
          .sendAsync(query, Runnable::run)
          .handle((response, failure) -> read(query, response, failure));
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(failed(new IOException(e.getMessage(), e)));
    }
  }

  private Answer read(Message query, Message response, @Nullable Throwable failure) {
    if (failure != null) {
      return failed(failure instanceof CompletionException ? failure.getCause() : failure);
    }
    try {
      Answer answer = AnswerReader.read(query, response);
      if (answer instanceof Answer.Failed rejected) {
        counts.rejected.increment();
        return new Answer.Failed(address + ": " + rejected.why());
      }
      counts.answered.increment();
      return answer;
    } catch (WireParseException | RuntimeException e) {
      return failed(e);
    }
  }

  private Answer.Failed failed(@Nullable Throwable failure) {
    if (failure instanceof SocketTimeoutException) {
      counts.timedOut.increment();
      return new Answer.Failed(address + ": no answer within " + timeout.toMillis() + " ms");
    }
    if (failure instanceof IOException && !(failure instanceof WireParseException)) {
      counts.unreachable.increment();
      return new Answer.Failed(address + ": " + text(failure));
    }
    // What is left is how the DNS library finds a message malformed, in its own ways.
    counts.malformed.increment();
    logger.debug("{}: a malformed answer", address, failure);
    return new Answer.Failed(
        address + ": malformed answer: " + (failure == null ? "" : text(failure)));
  }

  private static String text(Throwable failure) {
    if (failure instanceof PortUnreachableException) {
      return "port unreachable";
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}

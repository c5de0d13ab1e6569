package dev.tahini.rpc.discovery.dns;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.io.IoClientFactory;
import org.xbill.DNS.io.TcpIoClient;
import org.xbill.DNS.io.UdpIoClient;

/**
 * The transport of a discovery, made for the first query and closed when nobody watches any more.
 * Thread-safe, by its monitor.
 */
final class SharedTransport implements IoClientFactory {
  private @Nullable DnsTransport transport;
  private int users;

  synchronized void acquire() {
    users++;
  }

  synchronized void release() {
    if (--users == 0 && transport != null) {
      transport.close();
      transport = null;
    }
  }

  private synchronized DnsTransport current() {
    if (users == 0) {
      throw new IllegalStateException("nobody watches any more");
    }
    if (transport == null) {
      transport = new DnsTransport();
    }
    return transport;
  }

  @Override
  public TcpIoClient createOrGetTcpClient() {
    return current();
  }

  @Override
  public UdpIoClient createOrGetUdpClient() {
    return current();
  }
}

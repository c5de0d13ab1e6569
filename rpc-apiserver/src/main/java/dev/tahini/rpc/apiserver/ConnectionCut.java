package dev.tahini.rpc.apiserver;

import java.io.IOException;

/** The connection is to end with an RST, now. */
final class ConnectionCut extends IOException {
  private static final long serialVersionUID = 1;
}

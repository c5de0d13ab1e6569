/** A gRPC server as a process: it starts, says where it listens, can be slowed, and ends. */
@NullMarked
package dev.tahini.rpc.examples.server;

import org.jspecify.annotations.NullMarked;

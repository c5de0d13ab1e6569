/** gRPC's own interop suite, through a client of Tahini's with several backends. */
@NullMarked
package dev.tahini.rpc.interop;

import org.jspecify.annotations.NullMarked;

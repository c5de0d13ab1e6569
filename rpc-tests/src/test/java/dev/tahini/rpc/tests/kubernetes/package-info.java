/** Clients whose servers are pods of a service. */
@NullMarked
package dev.tahini.rpc.tests.kubernetes;

import org.jspecify.annotations.NullMarked;

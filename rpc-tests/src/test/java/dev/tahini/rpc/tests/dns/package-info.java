/** Clients whose servers are found by DNS, asked of a real server where one is installed. */
@NullMarked
package dev.tahini.rpc.tests.dns;

import org.jspecify.annotations.NullMarked;

/**
 * What the library brings keeps the contracts that the kit publishes: discoveries and picks, each
 * run through {@code dev.tahini.rpc.testing.contract}.
 */
@NullMarked
package dev.tahini.rpc.tests.contract;

import org.jspecify.annotations.NullMarked;

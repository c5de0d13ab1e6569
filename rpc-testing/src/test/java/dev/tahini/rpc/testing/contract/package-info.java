/** The contracts themselves are tested: each of their tests fails for what it is to find. */
@NullMarked
package dev.tahini.rpc.testing.contract;

import org.jspecify.annotations.NullMarked;

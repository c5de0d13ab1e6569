/** Tests of the JUnit extension. */
@NullMarked
package dev.tahini.rpc.testing.junit;

import org.jspecify.annotations.NullMarked;

/** Tests of the laboratory. */
@NullMarked
package dev.tahini.rpc.testing.lab;

import org.jspecify.annotations.NullMarked;

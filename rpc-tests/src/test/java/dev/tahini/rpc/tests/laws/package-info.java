/** The laws of the house, read off the byte code: who may depend on whom, and what is not done. */
@NullMarked
package dev.tahini.rpc.tests.laws;

import org.jspecify.annotations.NullMarked;

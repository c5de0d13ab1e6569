/** The page, of real clients. */
@NullMarked
package dev.tahini.rpc.tests.debug;

import org.jspecify.annotations.NullMarked;

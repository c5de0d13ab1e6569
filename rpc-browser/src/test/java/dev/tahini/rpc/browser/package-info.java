/** The page in a real browser. */
@NullMarked
package dev.tahini.rpc.browser;

import org.jspecify.annotations.NullMarked;

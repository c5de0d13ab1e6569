/** Tests of the page. */
@NullMarked
package dev.tahini.rpc.debug.http;

import org.jspecify.annotations.NullMarked;

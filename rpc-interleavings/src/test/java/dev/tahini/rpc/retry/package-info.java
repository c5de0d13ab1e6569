/** What the threads of a call that is retried share, checked under many interleavings of them. */
@NullMarked
package dev.tahini.rpc.retry;

import org.jspecify.annotations.NullMarked;

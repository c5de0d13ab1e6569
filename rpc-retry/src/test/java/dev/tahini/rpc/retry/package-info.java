/** Tests of retries. */
@NullMarked
package dev.tahini.rpc.retry;

import org.jspecify.annotations.NullMarked;

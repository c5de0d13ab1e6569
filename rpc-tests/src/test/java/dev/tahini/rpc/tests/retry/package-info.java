/** Retries, with clients and servers as users have them. */
@NullMarked
package dev.tahini.rpc.tests.retry;

import org.jspecify.annotations.NullMarked;

/**
 * Retries: a policy that decides, and what makes attempts by it around blocking code, around
 * futures, and inside of stubs.
 */
@NullMarked
package dev.tahini.rpc.retry;

import org.jspecify.annotations.NullMarked;

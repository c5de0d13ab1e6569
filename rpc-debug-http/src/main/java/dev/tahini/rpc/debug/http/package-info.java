/**
 * {@code /debug/backends}: what each client knows of its backends, as a page, JSON and metrics.
 *
 * <p>Start from {@link dev.tahini.rpc.debug.http.DebugHttpModule}; without Guice, from {@link
 * dev.tahini.rpc.debug.http.DebugFeature} and {@link dev.tahini.rpc.debug.http.DebugHttpServer}.
 */
@NullMarked
package dev.tahini.rpc.debug.http;

import org.jspecify.annotations.NullMarked;

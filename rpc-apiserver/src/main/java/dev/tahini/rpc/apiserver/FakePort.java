package dev.tahini.rpc.apiserver;

import org.jspecify.annotations.Nullable;

/**
 * A port of a slice. Immutable.
 *
 * @param name null leaves the field out
 * @param number null leaves the field out, which means all ports
 * @param protocol null leaves the field out
 */
public record FakePort(
    @Nullable String name, @Nullable Integer number, @Nullable String protocol) {}

@NullMarked
package dev.tahini.rpc.discovery.dns;

import org.jspecify.annotations.NullMarked;

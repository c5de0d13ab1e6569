@NullMarked
package dev.tahini.rpc.discovery.k8s;

import org.jspecify.annotations.NullMarked;

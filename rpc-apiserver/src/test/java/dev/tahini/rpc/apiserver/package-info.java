@NullMarked
package dev.tahini.rpc.apiserver;

import org.jspecify.annotations.NullMarked;

/** The greeter: any server can answer, so calls go to the least loaded one. */
@NullMarked
package dev.tahini.rpc.examples.greeter;

import org.jspecify.annotations.NullMarked;

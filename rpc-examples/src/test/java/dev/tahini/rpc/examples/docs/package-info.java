/** Holds the code in the documents to what compiles. */
@NullMarked
package dev.tahini.rpc.examples.docs;

import org.jspecify.annotations.NullMarked;

/** What the examples' programs have in common: their command line and their log. */
@NullMarked
package dev.tahini.rpc.examples.cli;

import org.jspecify.annotations.NullMarked;

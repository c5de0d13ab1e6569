/**
 * Broken on purpose: floods, dead networks, servers that lie, processes that are killed, little
 * memory, and what a user sees of each. What needs a process or a heap of its own runs in a {@link
 * dev.tahini.rpc.tests.faults.ChildJvm}.
 */
@NullMarked
package dev.tahini.rpc.tests.faults;

import org.jspecify.annotations.NullMarked;

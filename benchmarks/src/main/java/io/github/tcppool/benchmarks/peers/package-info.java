/** The pools that ours is measured beside, each set up as its own documentation advises. */
@NullMarked
package io.github.tcppool.benchmarks.peers;

import org.jspecify.annotations.NullMarked;

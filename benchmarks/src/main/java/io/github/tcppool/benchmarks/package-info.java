/** Measures the pool beside raw sockets, against servers in processes of their own. */
@NullMarked
package io.github.tcppool.benchmarks;

import org.jspecify.annotations.NullMarked;

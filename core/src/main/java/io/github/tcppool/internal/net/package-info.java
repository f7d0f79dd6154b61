/** One TCP connection: a channel that never blocks, and the blocking socket built on it. */
@NullMarked
package io.github.tcppool.internal.net;

import org.jspecify.annotations.NullMarked;

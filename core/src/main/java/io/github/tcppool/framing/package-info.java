/** How messages are told apart in a stream of bytes: one small class per format, open to users. */
@NullMarked
package io.github.tcppool.framing;

import org.jspecify.annotations.NullMarked;

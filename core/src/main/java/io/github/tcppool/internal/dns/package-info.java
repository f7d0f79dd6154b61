/** A small DNS client: what discovery needs, and nothing else. */
@NullMarked
package io.github.tcppool.internal.dns;

import org.jspecify.annotations.NullMarked;

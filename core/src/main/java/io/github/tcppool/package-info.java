/** What a user types: the pool, its options, its sockets, its failures. */
@NullMarked
package io.github.tcppool;

import org.jspecify.annotations.NullMarked;

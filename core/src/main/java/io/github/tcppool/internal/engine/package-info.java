/**
 * The core of the pool without sockets: who owns which connection, who waits, when to dial and when
 * to close. Threads, time, dialing and closing come in through seams, so that tests run the code
 * that ships.
 */
@NullMarked
package io.github.tcppool.internal.engine;

import org.jspecify.annotations.NullMarked;

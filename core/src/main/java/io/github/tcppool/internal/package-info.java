/** The pool over the engine: verbs, connections, sockets. Not exported. */
@NullMarked
package io.github.tcppool.internal;

import org.jspecify.annotations.NullMarked;

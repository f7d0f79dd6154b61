/** TLS for trying things: throw-away keys, trust in everybody, and a look at what servers show. */
@NullMarked
package io.github.tcppool.cli.tls;

import org.jspecify.annotations.NullMarked;

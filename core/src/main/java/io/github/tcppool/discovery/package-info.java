/** Where the endpoints of a pool come from: one small class per source, open to users. */
@NullMarked
package io.github.tcppool.discovery;

import org.jspecify.annotations.NullMarked;

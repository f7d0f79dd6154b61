/** The queue in front of send. */
@NullMarked
package io.github.tcppool.internal.outbox;

import org.jspecify.annotations.NullMarked;

/** Servers in processes of their own, which can be killed, stopped and started again. */
@NullMarked
package io.github.tcppool.proof.fleet;

import org.jspecify.annotations.NullMarked;

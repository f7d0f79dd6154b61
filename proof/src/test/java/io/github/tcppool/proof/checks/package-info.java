/**
 * What every proof over real sockets needs: messages that can be told apart, a history of the calls
 * and of what servers received, and the invariants that must hold between the two.
 */
@NullMarked
package io.github.tcppool.proof.checks;

import org.jspecify.annotations.NullMarked;

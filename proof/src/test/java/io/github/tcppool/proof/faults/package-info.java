/**
 * The fault matrix: every fault that a network, a peer, this machine or a caller can produce, for
 * each of {@code lease}, {@code send} and {@code exchange}, with the invariants checked after each
 * case. {@code proof/README.md} has the table of rows and tests.
 */
@NullMarked
package io.github.tcppool.proof.faults;

import org.jspecify.annotations.NullMarked;

/**
 * The pool under faults that come while it works: each scenario is a load, a script of faults, the
 * figures that must hold, and the invariants at its end.
 *
 * <p>Each is played twice: short and with wide margins in every build ({@code …SliceTest}), at full
 * length and to the promised figures on demand ({@code …ChaosTest}, tag "slow"); those that need no
 * server process also through TLS ({@code …OverTlsChaosTest}).
 */
@NullMarked
package io.github.tcppool.proof.chaos;

import org.jspecify.annotations.NullMarked;

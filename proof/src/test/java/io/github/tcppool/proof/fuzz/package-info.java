/** Fuzzing: what reads bytes and text from outside, against input that looks for its weak spots. */
@NullMarked
package io.github.tcppool.proof.fuzz;

import org.jspecify.annotations.NullMarked;

/** Who is served when: order in the line, and how soon. */
@org.jspecify.annotations.NullMarked
package io.github.tcppool.proof.fairness;

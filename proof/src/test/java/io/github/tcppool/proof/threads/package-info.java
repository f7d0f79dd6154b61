/** How a pool behaves with very many threads, virtual ones above all. */
@org.jspecify.annotations.NullMarked
package io.github.tcppool.proof.threads;

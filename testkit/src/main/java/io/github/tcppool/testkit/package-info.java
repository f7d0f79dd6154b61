/**
 * Peers that misbehave on request, for tests of TCP clients.
 *
 * <p>{@link io.github.tcppool.testkit.TcpPeer} is a server whose behaviour the test decides, {@link
 * io.github.tcppool.testkit.FaultProxy} sits between a client and a real server and harms what
 * passes, {@link io.github.tcppool.testkit.Blackhole} never answers a connect, and {@link
 * io.github.tcppool.testkit.Ports} names a port that refuses. All of them listen on loopback only.
 */
@NullMarked
package io.github.tcppool.testkit;

import org.jspecify.annotations.NullMarked;

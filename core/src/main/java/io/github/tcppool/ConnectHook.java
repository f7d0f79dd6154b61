package io.github.tcppool;

import java.io.IOException;

/**
 * What is done with every new connection before its first use: a login, a handshake, reading a
 * greeting.
 *
 * <p>Runs on a worker of the pool. The connect timeout bounds it together with the dial; when it
 * throws, the dial counts as failed. Bytes that it leaves unread belong to the first caller.
 */
@FunctionalInterface
public interface ConnectHook {

  /**
   * Prepares a connection. The socket is usable until this method returns; {@code close} on it
   * fails the dial.
   */
  void onConnect(DeadlineSocket socket, Endpoint endpoint) throws IOException;
}

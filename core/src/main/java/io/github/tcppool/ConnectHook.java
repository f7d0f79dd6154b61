package io.github.tcppool;

import java.io.IOException;

/**
 * What is done with every new connection before its first use: a login, a handshake, reading a
 * greeting.
 *
 * <p>Runs on a worker of the pool. The connect timeout bounds its reads and writes together with
 * the dial; whatever else it waits for it must bound itself, as its dial counts against the maximum
 * until it returns. When it throws, the dial counts as failed. Bytes that it leaves unread belong
 * to the first caller.
 */
@FunctionalInterface
public interface ConnectHook {

  /**
   * Prepares a connection. The socket is usable until this method returns; from then on it refuses
   * everything. The dial fails if the hook closes it, shuts one side down, goes on although a read
   * or write failed other than by a timeout, or returns after the connect timeout. Options that it
   * sets are put back: set them by {@link TcpPool.Builder#socketOption}.
   */
  void onConnect(DeadlineSocket socket, Endpoint endpoint) throws IOException;
}

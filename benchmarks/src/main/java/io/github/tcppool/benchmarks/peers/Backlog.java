package io.github.tcppool.benchmarks.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * A listener that accepts nobody: connections lie in its backlog, so that no other thread is at
 * work.
 */
final class Backlog implements AutoCloseable {

  private final ServerSocket listener;

  Backlog(int connections) throws IOException {
    listener = new ServerSocket(0, 2 * connections, InetAddress.getLoopbackAddress());
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}

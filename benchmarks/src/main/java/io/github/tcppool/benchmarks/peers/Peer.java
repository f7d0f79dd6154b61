package io.github.tcppool.benchmarks.peers;

import java.io.IOException;

/** Another pool, filled with as many objects as ours has connections. */
public interface Peer extends AutoCloseable {

  /** Takes an object, waiting for one if need be, and gives it back. From any thread. */
  void cycle() throws Exception;

  @Override
  void close() throws IOException;
}

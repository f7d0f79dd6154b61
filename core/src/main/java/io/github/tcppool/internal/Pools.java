package io.github.tcppool.internal;

import io.github.tcppool.PoolOptions;
import io.github.tcppool.TcpPool;
import io.github.tcppool.internal.net.ChannelSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;

/** Makes pools. */
public final class Pools {

  private Pools() {}

  /** Makes a pool, and its first connections if it is to be eager. */
  public static TcpPool create(PoolSpec spec) {
    checkSocketOptions(spec.options());
    Pool pool = new Pool(spec);
    if (spec.eager()) {
      pool.connectEagerly();
    }
    return pool;
  }

  /** Refuses what the system's sockets do not know, before any dial fails of it. */
  static void checkSocketOptions(PoolOptions options) {
    try (ChannelSocket check = new ChannelSocket()) {
      for (SocketOption<?> option : options.socketOptions().keySet()) {
        if (!check.channel().raw().supportedOptions().contains(option)) {
          throw new IllegalArgumentException(
              "socket option must be one of this system's, but was " + option);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no socket to be had", e);
    }
  }
}

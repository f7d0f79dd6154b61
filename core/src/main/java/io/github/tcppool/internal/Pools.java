package io.github.tcppool.internal;

import io.github.tcppool.PoolOptions;
import io.github.tcppool.TcpPool;
import io.github.tcppool.internal.net.ChannelSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.util.Map;

/** Makes pools. */
public final class Pools {

  static {
    WarmUp.run();
  }

  private Pools() {}

  /** Makes a pool, and its first connections if it is to be eager. */
  public static TcpPool create(PoolSpec spec) {
    checkSocketOptions(spec.options());
    if (spec.tls() != null && spec.tls().isStartedByHook() && spec.hook() == null) {
      throw new IllegalArgumentException(
          "onConnect must be set where TLS is started by the hook, but was not");
    }
    Pool pool = new Pool(spec, System::nanoTime);
    if (spec.eager()) {
      pool.connectEagerly();
    }
    return pool;
  }

  /** Refuses what the system's sockets do not take, before any dial fails of it. */
  static void checkSocketOptions(PoolOptions options) {
    try (ChannelSocket check = new ChannelSocket()) {
      for (Map.Entry<SocketOption<?>, Object> option : options.socketOptions().entrySet()) {
        if (!check.channel().raw().supportedOptions().contains(option.getKey())) {
          throw new IllegalArgumentException(
              "socket option must be one of this system's, but was " + option.getKey());
        }
        try {
          TcpTransport.apply(check, option.getKey(), option.getValue());
        } catch (IllegalArgumentException | ClassCastException e) {
          throw new IllegalArgumentException(
              "socket option "
                  + option.getKey()
                  + " must have a value that sockets take, but was "
                  + option.getValue(),
              e);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no socket to be had", e);
    }
  }
}

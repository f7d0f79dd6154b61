package io.github.tcppool.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Ports at which nobody listens. */
public final class Ports {
  private static final int UNUSED = 8;
  private static final AtomicInteger TURN = new AtomicInteger();

  private Ports() {}

  /**
   * A port of 127.0.0.1 that refuses connects: one of eight, which take turns.
   *
   * <p>All are kept from the first call until this process ends, at the price of a descriptor each:
   * nobody who asks for any free port gets one of them, in this process or another one.
   */
  public static int unused() {
    return unusedAddress().getPort();
  }

  /** The address of an {@linkplain #unused() unused port}, to connect to. */
  public static InetSocketAddress unusedAddress() {
    int turn = Math.floorMod(TURN.getAndIncrement(), UNUSED);
    return new InetSocketAddress(Loopback.V4, Unused.KEPT.get(turn).socket().getLocalPort());
  }

  /** Bound when the first one is asked for. */
  private static final class Unused {
    static final List<SocketChannel> KEPT = Stream.generate(Unused::keepAny).limit(UNUSED).toList();

    private static SocketChannel keepAny() {
      try {
        return bound(new InetSocketAddress(Loopback.V4, 0));
      } catch (IOException e) {
        throw new UncheckedIOException("no free port", e);
      }
    }
  }

  /** Binds to it without listening; null where another socket is in the way. */
  static @Nullable SocketChannel keep(InetSocketAddress address) {
    try {
      return bound(address);
    } catch (IOException e) {
      return null;
    }
  }

  private static SocketChannel bound(InetSocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      // What was accepted on this port may live on; those who listen set this too.
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      return channel.bind(address);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  static void letGo(SocketChannel keeper) {
    try {
      keeper.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

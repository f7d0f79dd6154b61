package io.github.tcppool.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * An address where connects get no answer at all, as behind a firewall that drops packets.
 *
 * <p>It is a listener whose backlog is full: it never accepts, and the kernel drops further SYNs. A
 * client waits until its own connect timeout. Needs no root rights; works on Linux, where a full
 * backlog drops, and not on systems where it refuses.
 *
 * <p>Opening one takes about 0.2 s, since it is tried out. {@link #close()} frees the port, which
 * refuses from then on.
 */
public final class Blackhole implements AutoCloseable {
  private static final int MOST_FILLERS = 16;
  private static final int CONNECT_MILLIS = 200;

  private final ServerSocket listener;
  private final List<Socket> fillers = new ArrayList<>();

  private Blackhole(ServerSocket listener) {
    this.listener = listener;
  }

  /**
   * Opens a blackhole on a free port of 127.0.0.1.
   *
   * @throws UncheckedIOException if this system answers all the same
   */
  public static Blackhole open() {
    try {
      Blackhole hole = new Blackhole(new ServerSocket(0, 1, Loopback.V4));
      try {
        hole.fill();
        return hole;
      } catch (IOException e) {
        hole.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no blackhole on this system: " + e.getMessage(), e);
    }
  }

  /** Connects until nobody answers; after a backlog of 1 that is the third time. */
  private void fill() throws IOException {
    while (fillers.size() < MOST_FILLERS) {
      Socket filler = new Socket();
      try {
        filler.connect(address(), CONNECT_MILLIS);
        fillers.add(filler);
      } catch (SocketTimeoutException e) {
        filler.close();
        return;
      } catch (IOException e) {
        filler.close();
        throw e;
      }
    }
    throw new IOException(MOST_FILLERS + " connects were answered, with a backlog of 1");
  }

  /** The port. */
  public int port() {
    return listener.getLocalPort();
  }

  /** The address to connect to. */
  public InetSocketAddress address() {
    return new InetSocketAddress(Loopback.V4, port());
  }

  /** The address as one writes it, {@code 127.0.0.1:9999}. */
  public String hostPort() {
    return Port.hostPort(address());
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket filler : fillers) {
        filler.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

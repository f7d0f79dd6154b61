package io.github.tcppool.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports at which nobody listens. */
public final class Ports {
  private Ports() {}

  /**
   * A port of 127.0.0.1 that refuses connects now.
   *
   * <p>It was free a moment ago; nothing keeps another process from taking it later.
   */
  public static int unused() {
    return unusedAddress().getPort();
  }

  /** The address of an {@linkplain #unused() unused port}, to connect to. */
  public static InetSocketAddress unusedAddress() {
    try (ServerSocket socket = new ServerSocket(0, 1, Loopback.V4)) {
      return new InetSocketAddress(Loopback.V4, socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }
}

package io.github.tcppool;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/**
 * What every socket of a pool has from the start: no delay, and keep-alive that finds a peer that
 * has vanished within a minute, where the system would take two hours.
 */
final class SocketDefaults {

  private static final Map<SocketOption<?>, Object> OPTIONS = supported();

  private SocketDefaults() {}

  static Map<SocketOption<?>, Object> options() {
    return OPTIONS;
  }

  private static Map<SocketOption<?>, Object> supported() {
    Map<SocketOption<?>, Object> wanted = new LinkedHashMap<>();
    wanted.put(StandardSocketOptions.TCP_NODELAY, true);
    wanted.put(StandardSocketOptions.SO_KEEPALIVE, true);
    wanted.put(ExtendedSocketOptions.TCP_KEEPIDLE, 30);
    wanted.put(ExtendedSocketOptions.TCP_KEEPINTERVAL, 10);
    wanted.put(ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
    wanted.keySet().retainAll(offered());
    return wanted;
  }

  /** What this platform has; the standard options where there is no descriptor left to ask with. */
  private static Set<SocketOption<?>> offered() {
    try (SocketChannel channel = SocketChannel.open()) {
      return channel.supportedOptions();
    } catch (IOException e) {
      return Set.of(StandardSocketOptions.TCP_NODELAY, StandardSocketOptions.SO_KEEPALIVE);
    }
  }
}

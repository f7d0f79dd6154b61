package io.github.tcppool.testkit;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** A peer's connections by number: every open one, and the last closed ones up to a bound. */
final class Roster {
  private static final int KEPT = 4_096;

  private final ConcurrentSkipListMap<Integer, PeerConnection> connections =
      new ConcurrentSkipListMap<>();

  void add(PeerConnection connection) {
    connections.put(connection.number(), connection);
    if (connections.size() > KEPT) {
      forgetOldest();
    }
  }

  private void forgetOldest() {
    for (PeerConnection connection : connections.values()) {
      if (!connection.isOpen()) {
        connections.remove(connection.number());
        return;
      }
    }
  }

  PeerConnection get(int number) {
    PeerConnection connection = connections.get(number);
    if (connection == null) {
      throw new IllegalArgumentException(
          "no connection " + number + "; known are " + connections.keySet());
    }
    return connection;
  }

  List<PeerConnection> all() {
    return List.copyOf(connections.values());
  }

  void forEachOpen(Consumer<PeerConnection> action) {
    for (PeerConnection connection : connections.values()) {
      if (connection.isOpen()) {
        action.accept(connection);
      }
    }
  }
}

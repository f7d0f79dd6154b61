package io.github.tcppool.testkit;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A peer's connections by number, every open one and the last closed ones up to a bound, and what
 * the next one gets.
 *
 * <p>Adding a connection and changing them all exclude each other, so that a change misses none.
 */
final class Roster {
  private static final int KEPT = 4_096;

  private final ConcurrentSkipListMap<Integer, PeerConnection> connections =
      new ConcurrentSkipListMap<>();
  private final Ledger ledger;
  private final ReentrantLock changing = new ReentrantLock();

  /** For new connections, like the next; guarded by the lock. */
  private Behaviour behaviour;

  private boolean paused;

  Roster(Ledger ledger, Behaviour behaviour) {
    this.ledger = ledger;
    this.behaviour = behaviour;
  }

  /** Adds a connection and starts it; called by one thread at a time. */
  void add(Wire wire, BiConsumer<PeerConnection, Behaviour> start) {
    int number = ledger.accepted.get() + 1;
    changing.lock();
    try {
      PeerConnection connection = new PeerConnection(number, wire, ledger, paused);
      connections.put(number, connection);
      ledger.open.incrementAndGet();
      // Before it starts, as who has seen its frames may ask for the count; and after it is in the
      // map, as who has seen the count may ask for the connection.
      ledger.accepted.set(number);
      start.accept(connection, behaviour);
    } finally {
      changing.unlock();
    }
    if (connections.size() > KEPT) {
      forgetOldest();
    }
    ledger.tally.changed();
  }

  void behave(Behaviour next) {
    change(() -> behaviour = next, connection -> connection.behave(next));
  }

  void behaveForNew(Behaviour next) {
    change(() -> behaviour = next, connection -> {});
  }

  void pause() {
    change(() -> paused = true, PeerConnection::pause);
  }

  void resume() {
    change(() -> paused = false, PeerConnection::resume);
  }

  private void change(Runnable forNew, Consumer<PeerConnection> forOpen) {
    changing.lock();
    try {
      forNew.run();
      forEachOpen(forOpen);
    } finally {
      changing.unlock();
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

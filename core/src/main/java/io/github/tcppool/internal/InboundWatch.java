package io.github.tcppool.internal;

import io.github.tcppool.CloseReason;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.internal.net.Probe;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The selector of a {@link Receiver}: watches connections and reads what arrives.
 *
 * <p>One thread at a time, the leader, waits and reads. It owns the reading half of a connection
 * for the moment in which it reads. One that belongs to a dialogue is <em>muted</em>: not watched
 * until its owner lets go. No owner's release is missed: the leader sets {@code muted}, then tries
 * to claim once more; an owner lets go, then looks at {@code muted}.
 */
final class InboundWatch {

  /** Gives back, or closes, a connection that the leader had claimed for reading. */
  interface Owner {
    void dropRead(Connection connection);

    void discard(Connection connection, CloseReason reason);
  }

  private final Selector selector;
  private final Owner owner;

  /**
   * Connections to be looked at by the leader's next round, whether ready or not: each once at
   * most, and none that is closed, as there may never be another round.
   */
  private final Queue<Connection> arrived = new ConcurrentLinkedQueue<>();

  /** Whether keys were cancelled that the selector still holds. Guarded by the receiver's lock. */
  private boolean forgotten;

  InboundWatch(Selector selector, Owner owner) {
    this.selector = selector;
    this.owner = owner;
  }

  // ---- any thread ----

  /** Has the leader look at a connection soon. */
  void arrived(Connection connection) {
    if (connection.queued.get() || !connection.queued.compareAndSet(false, true)) {
      return; // that look comes after this moment, and sees what we have seen
    }
    arrived.add(connection);
    if (connection.forgotten) {
      boolean unused = arrived.remove(connection); // too late for unwatch to do so
      return;
    }
    selector.wakeup();
  }

  /**
   * Stops watching a connection that is about to be closed and was marked as forgotten. False if it
   * was not watched. Takes it out of the queue, which holds no more than there are connections.
   */
  boolean unwatch(Connection connection) {
    if (connection.queued.get()) {
      boolean unused = arrived.remove(connection);
    }
    SelectionKey key = connection.channel().raw().keyFor(selector);
    if (key == null) {
      return false;
    }
    key.cancel();
    return true;
  }

  void wakeup() {
    selector.wakeup();
  }

  void close() {
    try {
      selector.close();
    } catch (IOException e) {
      // nobody waits in it any more
    }
  }

  // ---- under the receiver's lock ----

  void noteForgotten() {
    forgotten = true;
  }

  /**
   * Lets go of the channels that were forgotten; a channel is closed only then. Only while nobody
   * leads.
   */
  void letGo() {
    if (!forgotten) {
      return;
    }
    forgotten = false;
    try {
      int unused = selector.selectNow(InboundWatch::ignore);
    } catch (IOException | ClosedSelectorException e) {
      // then closing the selector does
    }
  }

  private static void ignore(SelectionKey key) {
    // what is ready now is still ready at the leader's next look
  }

  // ---- the leader ----

  /**
   * Waits at most this long for something to arrive, and adds the whole frames of one round of
   * reading.
   */
  void wait(long nanos, List<byte[]> read) throws IOException {
    try {
      lookAtArrived(read);
      List<Connection> ready = new ArrayList<>();
      Consumer<SelectionKey> note = key -> ready.add((Connection) key.attachment());
      if (read.isEmpty() && nanos > 0) {
        selector.select(note, Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999)));
      } else {
        selector.selectNow(note);
      }
      for (Connection next : ready) { // not within the select, as a look may close a connection
        look(next, read);
      }
      lookAtArrived(read);
    } catch (ClosedSelectorException e) {
      // the pool was closed; the caller will see it
    }
  }

  private void lookAtArrived(List<byte[]> read) {
    for (Connection next = arrived.poll(); next != null; next = arrived.poll()) {
      next.queued.set(false); // before the look: what arrives later is queued anew
      look(next, read);
    }
  }

  private void look(Connection connection, List<byte[]> read) {
    if (!watch(connection) || !claim(connection)) {
      return;
    }
    CloseReason reason;
    try {
      reason = take(connection, read);
    } catch (Throwable e) { // a user's framing: its connection pays, nobody else
      owner.discard(connection, CloseReason.OWNER_FAILED);
      throw e;
    }
    if (reason == null) {
      owner.dropRead(connection);
    } else {
      owner.discard(connection, reason);
    }
  }

  private boolean watch(Connection connection) {
    try {
      SelectionKey key = connection.channel().raw().keyFor(selector);
      if (key == null) {
        connection.channel().raw().register(selector, SelectionKey.OP_READ, connection);
      } else {
        key.interestOps(SelectionKey.OP_READ);
      }
      return true;
    } catch (ClosedChannelException | CancelledKeyException e) {
      return false;
    }
  }

  private boolean claim(Connection connection) {
    connection.muted = false;
    if (connection.claimRead()) {
      return true;
    }
    connection.muted = true;
    try {
      SelectionKey key = connection.channel().raw().keyFor(selector);
      if (key != null) {
        key.interestOps(0);
      }
      if (!connection.claimRead()) {
        return false;
      }
      connection.muted = false;
      if (key != null) {
        key.interestOps(SelectionKey.OP_READ);
      }
      return true;
    } catch (CancelledKeyException e) {
      return false;
    }
  }

  /** Reads once and takes the whole frames. Returns why the connection must be closed, or null. */
  private static @Nullable CloseReason take(Connection connection, List<byte[]> read) {
    try {
      Probe seen = connection.channel().readMore();
      drainFrames(connection, read);
      while (seen == Probe.DATA && connection.channel().hasBuffered()) {
        seen = connection.channel().readMore(); // no selector would tell of what TLS holds
        drainFrames(connection, read);
      }
      return switch (seen) {
        case QUIET, DATA -> null;
        case END -> connection.hasUnread() ? CloseReason.BAD_FRAME : CloseReason.PEER_CLOSED;
        case BROKEN -> CloseReason.PEER_RESET;
      };
    } catch (FrameException e) {
      return CloseReason.BAD_FRAME;
    }
  }

  /**
   * Takes the whole frames among the bytes that a connection has read. For the owner of its reading
   * half.
   */
  static void drainFrames(Connection connection, List<byte[]> read) throws FrameException {
    for (byte[] frame = connection.nextFrame(); frame != null; frame = connection.nextFrame()) {
      read.add(frame);
    }
  }
}

package io.github.tcppool.internal;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CloseReason;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.internal.engine.Engine;
import io.github.tcppool.internal.engine.Use;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.SocketException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lends connections as sockets, takes them back, and notices the ones that are forgotten.
 *
 * <p>A connection holds the socket of its lease strongly until the housekeeper's first look at it,
 * and weakly from then on. So the many leases that are over within a second cost no reference
 * object, and one whose socket is garbage collected unclosed is noticed all the same.
 */
final class Leases implements LeasedSocket.Keeper, Leasable.LeaseWatch {

  private static final int LONG_IDLE_SECONDS = 10;

  private final Engine<Connection> engine;
  private final Consumer<PoolEvent> events;

  /** Takes back what was lent for an exchange, and notes how long it took. */
  private final LeasedSocket.Keeper exchanges =
      new LeasedSocket.Keeper() {
        @Override
        public void giveBack(Connection connection, boolean brief) {
          long now = engine.now();
          engine.results().answered(connection, now - connection.claimedNanos(), now);
          engine.release(connection, Use.CALL, now);
        }

        @Override
        public void discard(Connection connection, CloseReason reason) {
          engine.discard(connection, reason);
        }
      };

  Leases(Engine<Connection> engine, Consumer<PoolEvent> events) {
    this.engine = engine;
    this.events = events;
  }

  /** Leases from any endpoint, or from the one with this number only. */
  LeasedSocket lease(CallOptions call, int only) throws IOException {
    PoolOptions options = engine.options();
    long start = engine.now();
    long deadline = start + call.deadlineNanos(options.callTimeoutNanos());
    return open(engine.acquire(Use.CALL, options.leaseOrder(), call.key(), only, start, deadline));
  }

  @Nullable LeasedSocket tryLease(CallOptions call) throws IOException {
    Connection connection =
        engine.tryAcquire(Use.CALL, engine.options().leaseOrder(), call.key(), engine.now());
    return connection == null ? null : open(connection);
  }

  /** The socket for a connection that the caller has acquired. */
  LeasedSocket open(Connection connection) throws SocketException {
    return open(connection, this);
  }

  /** As {@link #open(Connection)}; how long it was held counts as a round trip. */
  LeasedSocket openForExchange(Connection connection) throws SocketException {
    return open(connection, exchanges);
  }

  private LeasedSocket open(Connection connection, LeasedSocket.Keeper keeper)
      throws SocketException {
    boolean traced = engine.options().leakThreshold().toNanos() > 0;
    LeasedSocket socket = new LeasedSocket(connection, keeper);
    connection.heldBy(socket, this, traced ? new LeasedAt() : null);
    return socket;
  }

  /**
   * A brief lease counts as ended when it began: they are less than a sweep apart, which is nothing
   * beside a long {@code maxIdle}, and the clock costs as much as claiming a connection.
   */
  @Override
  public void giveBack(Connection connection, boolean brief) {
    boolean roughly = brief && connection.isProven() && isLong(engine.options().maxIdle());
    engine.release(connection, Use.CALL, roughly ? connection.leasedNanos() : engine.now());
  }

  /** Whether a second more or less makes no difference to it; zero is for ever. */
  private static boolean isLong(Duration maxIdle) {
    return maxIdle.isZero() || maxIdle.toSeconds() >= LONG_IDLE_SECONDS;
  }

  @Override
  public void discard(Connection connection, CloseReason reason) {
    engine.discard(connection, reason);
  }

  /** Where a lease was taken; never thrown. */
  private static final class LeasedAt extends Throwable {
    private static final long serialVersionUID = 1L;

    LeasedAt() {
      super("leased at");
    }
  }

  /** A lease that the housekeeper has seen before. Touched by the housekeeper only. */
  private static final class Seen {
    final WeakReference<LeasedSocket> socket;
    final @Nullable Throwable leasedAt;
    boolean reported;

    Seen(LeasedSocket socket, @Nullable Throwable leasedAt) {
      this.socket = new WeakReference<>(socket);
      this.leasedAt = leasedAt;
    }
  }

  @Override
  public void look(Connection connection, Object holder, long now) {
    if (holder instanceof LeasedSocket socket) {
      Seen seen = new Seen(socket, connection.leasedAt());
      if (connection.holderSeen(socket, seen)) {
        look(connection, seen, now);
      }
    } else if (holder instanceof Seen seen) {
      look(connection, seen, now);
    }
  }

  private void look(Connection connection, Seen seen, long now) {
    long held = now - connection.leasedNanos();
    long threshold = engine.options().leakThreshold().toNanos();
    if (seen.socket.get() == null) {
      if (connection.holderSeen(seen, null)) {
        report(connection, seen, held, true);
        engine.discard(connection, CloseReason.LEAKED);
      }
    } else if (!seen.reported && threshold > 0 && held >= threshold) {
      seen.reported = true;
      report(connection, seen, held, false);
    }
  }

  private void report(Connection connection, Seen seen, long held, boolean collected) {
    events.accept(
        new PoolEvent.LeaseLeaked(
            connection.endpoint(),
            connection.id(),
            Duration.ofNanos(held),
            collected,
            seen.leasedAt));
  }
}

package io.github.tcppool.internal;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CloseReason;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.internal.engine.Engine;
import io.github.tcppool.internal.engine.Use;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.SocketException;
import java.net.SocketTimeoutException;
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
        public void giveBack(Connection connection, boolean brief, boolean served) {
          long now = engine.now();
          if (served) {
            engine.results().answered(connection, now - connection.claimedNanos(), now);
          }
          engine.release(connection, Use.CALL, now, served);
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
  public void giveBack(Connection connection, boolean brief, boolean served) {
    boolean roughly = brief && connection.isProven() && isLong(engine.options().maxIdle());
    long now = roughly ? connection.leasedNanos() : engine.now();
    engine.release(connection, Use.CALL, now, served);
  }

  /** Whether a second more or less makes no difference to it; zero is for ever. */
  private static boolean isLong(Duration maxIdle) {
    return maxIdle.isZero() || maxIdle.toSeconds() >= LONG_IDLE_SECONDS;
  }

  /**
   * A reset is an endpoint's doing in any protocol. What else ends a lease is between the borrower
   * and the peer: time-outs to look whether something came, the end of a stream that says goodbye.
   */
  @Override
  public void discard(Connection connection, CloseReason reason) {
    if (reason == CloseReason.PEER_RESET) {
      SocketException cause = new SocketException("connection reset within a lease");
      engine.results().failed(connection, reason, cause, true);
    } else {
      engine.discard(connection, reason);
    }
  }

  // ---- conversations ----

  /** Ends the lease of a conversation that has got what it wanted. */
  void endWell(LeasedSocket socket) {
    if (socket.spoilt() == CloseReason.PEER_CLOSED) { // which may be how its answers end
      engine.results().worked(socket.connection());
    }
    socket.close();
  }

  /**
   * Ends the lease of a conversation that has thrown. If reading or writing failed, that counts
   * against the endpoint; what the user's code finds fault with does not.
   */
  void endFailed(LeasedSocket socket, Throwable thrown) {
    Connection connection = socket.connection();
    CloseReason spoilt = socket.spoilt();
    IOException fault = faultOf(spoilt, thrown);
    if (fault instanceof SocketTimeoutException) {
      long now = engine.now();
      engine.results().unanswered(connection, now - connection.claimedNanos(), now);
    }
    if (spoilt != null && fault != null) {
      engine.results().failed(connection, spoilt, fault, true);
    }
    socket.end(CloseReason.OWNER_FAILED);
  }

  private static @Nullable IOException faultOf(@Nullable CloseReason spoilt, Throwable thrown) {
    if (spoilt == CloseReason.TIMED_OUT) {
      return thrown instanceof SocketTimeoutException known
          ? known
          : new SocketTimeoutException("a conversation timed out");
    }
    if (spoilt == CloseReason.PEER_CLOSED) {
      return new EOFException("stream ended within a conversation");
    }
    if (spoilt == CloseReason.PEER_RESET
        || spoilt == CloseReason.IO_ERROR
        || spoilt == CloseReason.TORN_MESSAGE) {
      return thrown instanceof IOException known
          ? known
          : new SocketException("connection failed within a conversation");
    }
    return null;
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

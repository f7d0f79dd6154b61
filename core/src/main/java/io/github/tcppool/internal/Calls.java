package io.github.tcppool.internal;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallOptions;
import io.github.tcppool.CloseReason;
import io.github.tcppool.Conversation;
import io.github.tcppool.Outcome;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.framing.None;
import io.github.tcppool.internal.engine.Engine;
import io.github.tcppool.internal.engine.Use;
import io.github.tcppool.internal.net.NoDescriptorException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Send and exchange: acquire, do, release; and where an attempt fails, whether another one is safe.
 *
 * <pre>
 * what the kernel took     reply      connection            again?
 * nothing                  -          closed [1]            yes, free of charge, until the deadline
 * a part                   -          reset                 if the framing reveals truncation and resendTorn; or idempotent
 * all                      expected   closed                if idempotent
 * </pre>
 *
 * <p>[1] kept if the caller was only interrupted. An interrupt, and the end of the deadline, end
 * every row with a failure.
 */
final class Calls {

  private final String name;
  private final Engine<Connection> engine;
  private final Framing framing;
  private final Receiver receiver;
  private final Leases leases;
  private final Consumer<PoolEvent> events;
  private final AtomicLong resent = new AtomicLong();

  Calls(
      String name,
      Engine<Connection> engine,
      Framing framing,
      Receiver receiver,
      Leases leases,
      Consumer<PoolEvent> events) {
    this.name = name;
    this.engine = engine;
    this.framing = framing;
    this.receiver = receiver;
    this.leases = leases;
    this.events = events;
  }

  long resent() {
    return resent.get();
  }

  // ---- send ----

  /** Sends one message with what the framing puts around it. */
  void send(byte[] message, int offset, int length, CallOptions call) throws IOException {
    check(message, offset, length);
    send(framing, message, offset, length, call);
  }

  /** Sends bytes that are a whole frame already. */
  void sendFrame(byte[] frame, int offset, int length, CallOptions call) throws IOException {
    send(Framing.none(), frame, offset, length, call);
  }

  private void send(Framing around, byte[] message, int offset, int length, CallOptions call)
      throws IOException {
    PoolOptions options = engine.options();
    long start = engine.now();
    long deadline = start + call.deadlineNanos(options.callTimeoutNanos());
    Progress progress = null;
    while (true) {
      long now = progress == null ? start : engine.now();
      Use use = receiver.isReceiving() ? Use.SEND_BESIDE_RECEIVER : Use.SEND;
      Connection connection = acquire(use, call, now, deadline, progress);
      long before = connection.bytesWritten();
      try {
        connection.write(around, message, offset, length, attemptDeadline(options, now, deadline));
      } catch (IOException e) {
        progress = noted(progress, connection, before, e);
        giveUp(connection, use, before, e);
        decide(progress, connection, before, false, call, deadline, e);
        continue;
      } catch (Throwable e) { // a user's framing, which may throw what it does not declare
        engine.discard(connection, tornOr(connection, before, CloseReason.OWNER_FAILED));
        throw e;
      }
      engine.release(connection, use, now);
      return;
    }
  }

  private void check(byte[] message, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, message.length);
    if (length == 0) {
      throw new IllegalArgumentException("message must have at least 1 byte, but had 0");
    }
    framing.check(message, offset, length);
  }

  private static long attemptDeadline(PoolOptions options, long now, long deadline) {
    long attempt = now + options.writeTimeoutNanos();
    return attempt - deadline < 0 ? attempt : deadline;
  }

  private Connection acquire(
      Use use, CallOptions call, long now, long deadline, @Nullable Progress progress)
      throws IOException {
    PoolOptions options = engine.options();
    PickOrder order = use == Use.CALL ? options.leaseOrder() : options.sendOrder();
    Connection failed = progress == null ? null : progress.failed();
    try {
      return failed == null
          ? engine.acquire(use, order, call.key(), Engine.ANY, now, deadline)
          : engine.acquireElsewhere(use, order, call.key(), failed, now, deadline);
    } catch (IOException e) {
      throw progress == null ? e : progress.merge(e);
    }
  }

  // ---- exchange ----

  byte[] exchange(byte[] request, CallOptions call) throws IOException {
    if (framing instanceof None) {
      throw new IllegalStateException(
          "exchange of single messages must have a framing to know where the reply ends; set one,"
              + " or use exchange with a Conversation");
    }
    check(request, 0, request.length);
    return dialogue(request, call);
  }

  private byte[] ask(Connection connection, byte[] request, long deadline) throws IOException {
    connection.write(
        framing,
        request,
        0,
        request.length,
        attemptDeadline(engine.options(), connection.claimedNanos(), deadline));
    try {
      return connection.readReply(deadline);
    } catch (IOException e) {
      throw new ReplyLost(e);
    }
  }

  /** Marks a failure that came after the whole request had been written. */
  private static final class ReplyLost extends IOException {
    private static final long serialVersionUID = 1L;

    final transient IOException reason;

    ReplyLost(IOException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  private byte[] dialogue(byte[] request, CallOptions call) throws IOException {
    long start = engine.now();
    long deadline = start + call.deadlineNanos(engine.options().callTimeoutNanos());
    Progress progress = null;
    while (true) {
      long now = progress == null ? start : engine.now();
      Connection connection = acquire(Use.CALL, call, now, deadline, progress);
      long before = connection.bytesWritten();
      byte[] reply;
      try {
        reply = ask(connection, request, deadline);
      } catch (IOException e) {
        boolean whole = e instanceof ReplyLost;
        IOException cause = e instanceof ReplyLost lost ? lost.reason : e;
        progress =
            whole
                ? notedWhole(progress, connection, before, cause)
                : noted(progress, connection, before, cause);
        if (cause instanceof SocketTimeoutException) {
          unanswered(connection);
        }
        if (whole) {
          engine.results().failed(connection, reasonFor(cause), cause, true);
        } else {
          giveUp(connection, Use.CALL, before, cause);
        }
        decide(progress, connection, before, whole, call, deadline, cause);
        continue;
      } catch (Throwable e) { // a user's framing, which may throw what it does not declare
        engine.discard(connection, tornOr(connection, before, CloseReason.OWNER_FAILED));
        throw e;
      }
      long ended = engine.now();
      engine.results().answered(connection, ended - connection.claimedNanos(), ended);
      if (connection.hasUnread()) {
        engine.results().worked(connection);
        engine.discard(connection, CloseReason.UNREAD_BYTES);
      } else {
        engine.release(connection, Use.CALL, ended);
      }
      return reply;
    }
  }

  /** A silent endpoint must not look faster than one that answers late. */
  private void unanswered(Connection connection) {
    long now = engine.now();
    engine.results().unanswered(connection, now - connection.claimedNanos(), now);
  }

  // ---- what an attempt's failure means ----

  private Progress noted(
      @Nullable Progress progress, Connection connection, long before, IOException e) {
    long bytes = connection.bytesWritten() - before;
    return noted(progress, connection, bytes == 0 ? Outcome.NOT_SENT : Outcome.PARTIAL, bytes, e);
  }

  private Progress notedWhole(
      @Nullable Progress progress, Connection connection, long before, IOException e) {
    return noted(progress, connection, Outcome.UNKNOWN, connection.bytesWritten() - before, e);
  }

  private Progress noted(
      @Nullable Progress progress,
      Connection connection,
      Outcome outcome,
      long bytes,
      IOException e) {
    Progress noting = progress == null ? new Progress(name) : progress;
    noting.note(outcome, bytes, connection, e);
    return noting;
  }

  /** Ends the use of a connection on which a write failed. */
  private void giveUp(Connection connection, Use use, long before, IOException e) {
    boolean untouched = connection.bytesWritten() == before;
    if (untouched && isInterrupt(e) && connection.channel().isIntact()) {
      engine.release(connection, use, engine.now(), false);
    } else {
      CloseReason reason = tornOr(connection, before, reasonFor(e));
      engine.results().failed(connection, reason, e, use == Use.CALL);
    }
  }

  private static CloseReason tornOr(Connection connection, long before, CloseReason reason) {
    return connection.bytesWritten() == before ? reason : CloseReason.TORN_MESSAGE;
  }

  static CloseReason reasonFor(IOException e) {
    if (e instanceof SocketTimeoutException) {
      return CloseReason.TIMED_OUT;
    }
    if (e instanceof InterruptedIOException) {
      return CloseReason.INTERRUPTED;
    }
    if (e instanceof FrameException) {
      return CloseReason.BAD_FRAME;
    }
    if (e instanceof EOFException) {
      return CloseReason.PEER_CLOSED;
    }
    if (e instanceof NoDescriptorException) {
      return CloseReason.NO_DESCRIPTOR;
    }
    return e instanceof SocketException ? CloseReason.PEER_RESET : CloseReason.IO_ERROR;
  }

  private static boolean isInterrupt(IOException e) {
    return e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException);
  }

  /** Returns if another attempt is safe and allowed, else throws the failure of the call. */
  private void decide(
      Progress progress,
      Connection connection,
      long before,
      boolean whole,
      CallOptions call,
      long deadline,
      IOException cause)
      throws IOException {
    boolean untouched = !whole && connection.bytesWritten() == before;
    boolean late = deadline - engine.now() <= 0;
    String doing = whole ? "the reply from" : "writing to";
    if (late || isInterrupt(cause) || engine.closings().isShut()) {
      throw progress.failure(doing, late);
    }
    if (untouched) {
      return;
    }
    PoolOptions options = engine.options();
    boolean safe =
        call.isIdempotent() || (!whole && options.resendTorn() && framing.revealsTruncation());
    if (!safe || progress.attempts() >= options.retry().maxAttempts()) {
      throw progress.failure(doing, false);
    }
    if (!engine.results().mayRepeat()) {
      throw progress.overBudget(doing);
    }
    pause(progress, options, deadline);
    if (deadline - engine.now() <= 0) {
      throw progress.failure(doing, true);
    }
    resent.incrementAndGet();
    events.accept(
        new PoolEvent.MessageResent(connection.endpoint(), progress.attempts() + 1, cause));
  }

  /**
   * One connection that fails says little of the others, so the first resend goes out at once. From
   * the second on they keep the pace of dials to an endpoint that fails.
   */
  private void pause(Progress progress, PoolOptions options, long deadline) throws IOException {
    int resends = progress.attempts() - 1;
    if (resends < 1) {
      return;
    }
    long until =
        engine.now() + options.retry().backoff().delayNanos(resends, ThreadLocalRandom.current());
    try {
      engine.pause(until - deadline < 0 ? until : deadline);
    } catch (CallInterruptedException e) {
      throw progress.merge(e);
    }
  }

  // ---- conversation ----

  <T> T exchange(Conversation<T> conversation, CallOptions call) throws IOException {
    long start = engine.now();
    long deadline = start + call.deadlineNanos(engine.options().callTimeoutNanos());
    Progress progress = null;
    while (true) {
      long now = progress == null ? start : engine.now();
      Connection connection = acquire(Use.CALL, call, now, deadline, progress);
      long before = connection.bytesWritten();
      LeasedSocket socket = leases.openForExchange(connection);
      socket.boundBy(deadline);
      T result;
      try {
        result = conversation.converse(socket.getInputStream(), socket.getOutputStream());
      } catch (IOException e) {
        boolean broken = socket.spoilt() != null;
        boolean touched = connection.bytesWritten() != before;
        leases.endFailed(socket, e);
        if (!broken) {
          throw e; // the user's own: the connection did not fail
        }
        progress =
            touched
                ? notedWhole(progress, connection, before, e)
                : noted(progress, connection, before, e);
        decide(progress, connection, before, touched, call, deadline, e);
        continue;
      } catch (Throwable e) {
        leases.endFailed(socket, e);
        throw e;
      }
      leases.endWell(socket);
      return result;
    }
  }
}

package io.github.tcppool.internal;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CloseReason;
import io.github.tcppool.CloseReport;
import io.github.tcppool.Conversation;
import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.Endpoint;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.Outbox;
import io.github.tcppool.OutboxOptions;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.PoolSnapshot;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.internal.engine.Engine;
import io.github.tcppool.internal.engine.Parker;
import io.github.tcppool.internal.engine.Timer;
import io.github.tcppool.internal.net.Lookout;
import io.github.tcppool.internal.tls.TlsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pool: puts the parts together and passes each verb to the part that does it. */
final class Pool implements TcpPool {

  private static final Logger LOG = LoggerFactory.getLogger("io.github.tcppool");

  /** As good as for ever, and still a number of nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** How long close waits for listeners to hear of everything. */
  private static final long TELL_NANOS = 100_000_000;

  /** A change that has another thread make one would otherwise be repeated for ever. */
  private static final int MOST_COLLISIONS = 1_000;

  private static final String CALL_OPTIONS = "call options must not be null";

  private final PoolSpec spec;
  private final Reporter reporter;
  private final Teller teller;
  private final Receiver receiver;
  private final Engine<Connection> engine;
  private final Leases leases;
  private final Calls calls;
  private final Outboxes outboxes;
  private final Timer timer;
  private final Endpoints endpoints;
  private final PoolNames names;
  private final Lookout lookout = new Lookout(Connection.CHECK_NANOS);

  /** Threads inside the user's change of an update. */
  private final Set<Thread> updating = ConcurrentHashMap.newKeySet();

  /** Serialises those who close; no code of the user's runs under it. */
  private final ReentrantLock closing = new ReentrantLock();

  /** Guarded by {@code closing}. */
  private @Nullable CloseReport report;

  /**
   * A pool without connections yet.
   *
   * @param clock {@code System::nanoTime}, or one that counts how often it is read
   */
  Pool(PoolSpec spec, LongSupplier clock) {
    this.spec = spec;
    TlsClient tls = spec.tls() == null ? null : new TlsClient(spec.tls());
    Workers workers = new Workers(spec.name());
    names = new PoolNames(InetAddress::getAllByName, workers);
    teller = new Teller(spec.name(), spec.listeners(), workers);
    reporter = new Reporter(spec.name(), teller);
    receiver =
        new Receiver(
            spec.name(),
            () -> options().maxInboundBytes(),
            () -> options().ignoreInbound(),
            reporter);
    Drainer drainer = new Drainer(workers, () -> options().drainTimeout().toNanos());
    engine =
        new Engine<>(
            spec.name(),
            spec.endpoints(),
            spec.balancer(),
            spec.options(),
            new TcpTransport(spec.framing(), spec.hook(), tls, receiver, drainer, lookout),
            workers,
            clock,
            new SplittableRandom(),
            Parker::ofCurrentThread,
            this::happened);
    leases = new Leases(engine, reporter);
    calls = new Calls(spec.name(), engine, spec.framing(), receiver, leases, reporter);
    outboxes = new Outboxes(spec.name(), spec.framing(), receiver);
    receiver.use(
        new InboundWatch.Owner() {
          @Override
          public void dropRead(Connection connection) {
            engine.dropRead(connection);
          }

          @Override
          public void discard(Connection connection, CloseReason reason) {
            engine.discard(connection, reason);
          }
        });
    endpoints = new Endpoints(spec, engine.membership(), workers, clock, reporter);
    timer = new Timer(spec.name() + "-timer", this::tend, clock);
    engine.upkeep().onChange(timer::ring);
    endpoints.onChange(timer::ring);
    timer.ring();
  }

  /** What the timer does: first the endpoints, then their connections. */
  private long tend(long now) {
    return Math.min(endpoints.run(now), engine.upkeep().run(now));
  }

  private void happened(PoolEvent event) {
    reporter.accept(event);
    endpoints.happened(event);
  }

  // ---- verbs ----

  @Override
  public void send(byte[] message, int offset, int length, CallOptions options) throws IOException {
    Objects.requireNonNull(message, "message must not be null");
    Objects.requireNonNull(options, CALL_OPTIONS);
    calls.send(message, offset, length, options);
  }

  @Override
  public byte[] exchange(byte[] request, CallOptions options) throws IOException {
    Objects.requireNonNull(request, "request must not be null");
    Objects.requireNonNull(options, CALL_OPTIONS);
    return calls.exchange(request, options);
  }

  @Override
  public <T> T exchange(Conversation<T> conversation, CallOptions options) throws IOException {
    Objects.requireNonNull(conversation, "conversation must not be null");
    Objects.requireNonNull(options, CALL_OPTIONS);
    return calls.exchange(conversation, options);
  }

  @Override
  public byte[] receive(CallOptions options) throws IOException {
    Objects.requireNonNull(options, CALL_OPTIONS);
    long deadline = System.nanoTime() + options.deadlineNanos(engine.options().callTimeoutNanos());
    receiver.start(engine.closings()::forEach);
    return receiver.receive(deadline);
  }

  @Override
  public PooledSocket lease(CallOptions options) throws IOException {
    Objects.requireNonNull(options, CALL_OPTIONS);
    return leases.lease(options, Engine.ANY);
  }

  @Override
  public Optional<PooledSocket> tryLease(CallOptions options) throws IOException {
    Objects.requireNonNull(options, CALL_OPTIONS);
    return Optional.ofNullable(leases.tryLease(options));
  }

  @Override
  public Outbox outbox(OutboxOptions options) {
    Objects.requireNonNull(options, "outbox options must not be null");
    return outboxes.open(options, engine);
  }

  // ---- drop-in ----

  @Override
  public DeadlineSocket asSocket() throws SocketException {
    ensureOpen();
    return new WholeSocket(
        this,
        new WholeSocket.Verbs() {
          @Override
          public void sendFrame(byte[] frame, int offset, int length, CallOptions call)
              throws IOException {
            calls.sendFrame(frame, offset, length, call);
          }

          @Override
          public byte[] receive(CallOptions call) throws IOException {
            return Pool.this.receive(call);
          }
        },
        endpoints.address(),
        spec.framing());
  }

  private void ensureOpen() throws SocketException {
    if (engine.closings().isShut()) {
      throw new PoolClosedException(spec.name() + " is closed", FailureDetails.NOTHING_SENT, null);
    }
  }

  @Override
  public SocketFactory asSocketFactory() {
    return new PoolSocketFactory(
        engine.membership()::endpoints,
        names,
        () -> engine.options().callTimeoutNanos(),
        spec.tls() == null,
        (endpoint, options) -> leases.lease(options, engine.membership().numberOf(endpoint)));
  }

  // ---- looking after it ----

  @Override
  public PoolOptions options() {
    return engine.options();
  }

  @Override
  public void update(Consumer<PoolOptions.Builder> change) {
    Objects.requireNonNull(change, "change must not be null");
    PoolOptions before;
    PoolOptions after;
    int collisions = 0;
    do {
      if (collisions++ > MOST_COLLISIONS) {
        throw new IllegalStateException("every change of options met another one");
      }
      before = engine.options();
      after = changed(before, change);
    } while (!engine.closings().update(before, after));
    reporter.accept(new PoolEvent.OptionsUpdated(before, after));
    timer.ring();
  }

  /** What the change makes of the options. No lock is held, as it is the user's code. */
  private PoolOptions changed(PoolOptions before, Consumer<PoolOptions.Builder> change) {
    if (!updating.add(Thread.currentThread())) {
      throw new IllegalStateException(
          "update must not be called from within an update, which would undo it");
    }
    try {
      PoolOptions.Builder builder = before.toBuilder();
      change.accept(builder);
      PoolOptions after = builder.build();
      Pools.checkSocketOptions(after);
      return after;
    } finally {
      updating.remove(Thread.currentThread());
    }
  }

  @Override
  public void evict(Predicate<? super Endpoint> which) {
    Objects.requireNonNull(which, "predicate must not be null");
    engine.closings().evict(which);
    timer.ring(); // to fill the minimum again
  }

  @Override
  public PoolSnapshot snapshot() {
    return new PoolSnapshot(
        spec.name(),
        engine.closings().isShut(),
        engine.closings().endpoints(),
        engine.closings().waiting(),
        engine.closings().timeouts(),
        calls.resent(),
        engine.closings().notRepeated(),
        receiver.framesInLine(),
        engine.closings().closedBy(),
        outboxes.snapshots(),
        endpoints.snapshot());
  }

  /**
   * Makes the minimum of connections, at least one, to every endpoint; closes the pool and throws
   * if that fails.
   */
  void connectEagerly() {
    try {
      engine.upkeep().fill(Math.max(1, options().minConnections()), options().callTimeoutNanos());
    } catch (IOException e) {
      CloseReport unused = close(Duration.ZERO);
      throw new UncheckedIOException(e);
    }
  }

  // ---- closing ----

  @Override
  public void close() {
    CloseReport unused = close(options().closeTimeout());
  }

  @Override
  public CloseReport close(Duration timeout) {
    Objects.requireNonNull(timeout, "close timeout must not be null");
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("close timeout must not be negative, but was " + timeout);
    }
    Duration bounded = timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
    CloseReport made;
    closing.lock();
    try {
      if (report != null) {
        return report;
      }
      made = closeNow(bounded);
      report = made;
    } finally {
      closing.unlock();
    }
    reporter.accept(new PoolEvent.PoolClosed(made));
    teller.stop();
    teller.settle(TELL_NANOS);
    return made;
  }

  private CloseReport closeNow(Duration timeout) {
    long begun = System.nanoTime();
    long closedBefore = closedSoFar();
    endpoints.end();
    outboxes.closeAll(timeout);
    int turnedAway = Math.max(0, engine.closings().shut());
    receiver.close();
    boolean interrupted = Thread.interrupted();
    int forced = 0;
    boolean emptied = false;
    try {
      long left = Math.max(0, timeout.toNanos() - (System.nanoTime() - begun));
      emptied = engine.closings().awaitEmpty(interrupted ? 0 : left);
      forced = emptied ? 0 : engine.closings().force();
    } catch (InterruptedException e) {
      interrupted = true;
      forced = engine.closings().force();
    }
    if (!emptied) {
      interrupted |= !settle();
    }
    timer.stop();
    lookout.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    long drained = Math.max(0, closedSoFar() - closedBefore - forced);
    return new CloseReport(
        Duration.ofNanos(System.nanoTime() - begun), drained, forced, turnedAway);
  }

  private long closedSoFar() {
    return engine.closings().closedBy().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Gives what was cut a moment to be gone. False if interrupted. */
  private boolean settle() {
    try {
      if (!engine.closings().awaitEmpty(200_000_000)) {
        LOG.warn("{}: some connections or dials were not gone when close returned", spec.name());
      }
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "TcpPool[" + spec.name() + ", " + engine.membership().endpoints() + "]";
  }
}

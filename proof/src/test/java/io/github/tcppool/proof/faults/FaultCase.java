package io.github.tcppool.proof.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.CallOptions;
import io.github.tcppool.PoolSnapshot;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Census;
import io.github.tcppool.proof.checks.History;
import io.github.tcppool.proof.checks.Invariants;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.PoolWatch;
import io.github.tcppool.proof.checks.Received;
import io.github.tcppool.proof.checks.RunKey;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.proof.fleet.ServerProcess;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.FaultProxy;
import io.github.tcppool.testkit.TcpPeer;
import io.github.tcppool.testkit.TcpPeerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One case of the matrix: makes servers, pools and calls, checks the invariants when the test has
 * ended, and clears everything away.
 */
final class FaultCase implements BeforeEachCallback, AfterEachCallback {

  /** The deadline of most calls. */
  static final Duration DEADLINE = Duration.ofMillis(300);

  /** For calls that are to work in the end: long enough for a machine that is busy. */
  static final Duration AMPLE = Duration.ofSeconds(5);

  /**
   * What takes next to nothing is over by then, on a busy machine too, and long before {@link
   * #AMPLE}, which must not be needed.
   */
  static final Duration SOON = Duration.ofSeconds(2);

  /**
   * Longer than the pool itself waits for anything: an endpoint that is down is dialed every 30 s.
   */
  static final Duration PATIENCE = Duration.ofSeconds(35);

  /** More than small buffers take. */
  static final int LARGE = 500_000;

  /**
   * What fills up soon; over TLS it must take a few records, as less than one counts as nothing.
   */
  private static final int NARROW = 4_096;

  private static final int NARROW_OVER_TLS = 65_536;

  private final History history = new History();
  private final List<TcpPeer> peers = new ArrayList<>();
  private final List<ServerProcess> processes = new ArrayList<>();
  private final List<AutoCloseable> others = new ArrayList<>();
  private final List<PoolWatch> watches = new ArrayList<>();
  private final List<CompletableFuture<Call>> started = new ArrayList<>();
  private final AtomicLong ids = new AtomicLong();
  private final boolean tls;
  private Census before = Census.now();
  private boolean serversCanBeAsked = true;

  FaultCase() {
    this(false);
  }

  private FaultCase(boolean tls) {
    this.tls = tls;
  }

  /** One whose peers and pools speak TLS. */
  static FaultCase overTls() {
    return new FaultCase(true);
  }

  /** Fewer where each round costs both ends a handshake. */
  int rounds(int inClear) {
    return tls ? inClear / 5 : inClear;
  }

  // ---- servers ----

  private TcpPeerBuilder newPeer(Behaviour behaviour) {
    TcpPeerBuilder builder =
        TcpPeer.builder().behaviour(behaviour).frames(Message.boundary()).keepFrames(200_000);
    return tls ? builder.tls(RunKey.server()) : builder;
  }

  TcpPeer peer(Behaviour behaviour) {
    return keep(newPeer(behaviour).start());
  }

  /** A peer whose clients' windows are soon full. */
  TcpPeer narrowPeer(Behaviour behaviour) {
    return keep(newPeer(behaviour).receiveBuffer(narrow()).start());
  }

  /** Counts what this peer receives, and closes it when the case has ended. */
  TcpPeer keep(TcpPeer peer) {
    peers.add(peer);
    return peer;
  }

  FaultProxy proxyTo(TcpPeer peer) {
    return closing(FaultProxy.to(peer.address()));
  }

  ServerProcess process(ServerProcess.Mode mode) throws IOException {
    return keep(ServerProcess.start(mode));
  }

  ServerProcess keep(ServerProcess process) {
    processes.add(process);
    return process;
  }

  /** Closes it when the case has ended. */
  <C extends AutoCloseable> C closing(C other) {
    others.add(other);
    return other;
  }

  /**
   * Does not compare idle connections with those that servers have open, because what stands
   * between hides them from each other.
   */
  void serversCannotBeAsked() {
    serversCanBeAsked = false;
  }

  private int openAtServers() {
    int open = peers.stream().mapToInt(TcpPeer::open).sum();
    try {
      for (ServerProcess process : processes) {
        open += process.isAlive() ? process.log().open() : 0;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return open;
  }

  // ---- pools ----

  /** Settings of a pool that lets a fault show soon. */
  static TcpPool.Builder poolOf(String... endpoints) {
    return TcpPool.builder(endpoints)
        .framing(Message.framing())
        .connections(0, 4)
        .callTimeout(DEADLINE)
        .connectTimeout(Duration.ofMillis(200))
        .writeTimeout(Duration.ofMillis(200))
        .drainTimeout(Duration.ofMillis(500));
  }

  /** The same with buffers that are soon full. */
  TcpPool.Builder narrowPoolOf(String... endpoints) {
    return poolOf(endpoints).socketOption(StandardSocketOptions.SO_SNDBUF, narrow());
  }

  private int narrow() {
    return tls ? NARROW_OVER_TLS : NARROW;
  }

  TcpPool pool(TcpPool.Builder builder) {
    PoolWatch watch = new PoolWatch();
    watches.add(watch);
    return watch.build(tls ? builder.tls(RunKey.client()).connectTimeout(AMPLE) : builder);
  }

  /** The watch of the first pool. */
  PoolWatch watch() {
    return watches.get(0);
  }

  // ---- calls ----

  Call call(Verb verb, TcpPool pool) {
    return call(verb, pool, Message.MIN_BYTES, CallOptions.defaults());
  }

  Call call(Verb verb, TcpPool pool, int bytes, CallOptions options) {
    return history.call(verb, pool, message(bytes), options);
  }

  private Message message(int bytes) {
    return new Message(1, ids.incrementAndGet(), bytes);
  }

  /** A call in a thread of its own. */
  CompletableFuture<Call> start(Verb verb, TcpPool pool, int bytes, CallOptions options) {
    return caller(false, verb, pool, bytes, options).ending();
  }

  /** A call in a thread of its own, which can be interrupted, or has been before it begins. */
  Caller caller(boolean interrupted, Verb verb, TcpPool pool, int bytes, CallOptions options) {
    CompletableFuture<Call> ending = new CompletableFuture<>();
    AtomicBoolean flag = new AtomicBoolean();
    Thread thread =
        new Thread(
            () -> {
              if (interrupted) {
                Thread.currentThread().interrupt();
              }
              Call call = call(verb, pool, bytes, options);
              flag.set(Thread.currentThread().isInterrupted());
              ending.complete(call);
            },
            "fault-case-caller");
    thread.setDaemon(true);
    thread.start();
    started.add(ending);
    return new Caller(thread, ending, flag);
  }

  /** Who makes a call, how it ends, and whether the interrupt flag was set then. */
  record Caller(Thread thread, CompletableFuture<Call> ending, AtomicBoolean flag) {}

  /** A call that must work, given time. */
  Call assertWorks(Verb verb, TcpPool pool) {
    Call call = call(verb, pool, Message.MIN_BYTES, CallOptions.within(AMPLE));
    assertThat(call.succeeded()).as("%s", call).isTrue();
    return call;
  }

  /** Holds so many connections at once, so that the pool has them idle afterwards. */
  static void open(TcpPool pool, int connections) throws IOException {
    List<Socket> leases = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      leases.add(pool.lease(CallOptions.within(AMPLE)));
    }
    for (Socket lease : leases) {
      lease.close();
    }
    awaitUntil(pool, connections + " idle", now -> now.idle() == connections);
  }

  static Call result(CompletableFuture<Call> call) {
    return call.orTimeout(20, TimeUnit.SECONDS).join();
  }

  static void awaitUntil(TcpPool pool, String what, Predicate<PoolSnapshot> fact) {
    await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(pool::snapshot, fact);
  }

  static void awaitThat(String what, BooleanSupplier fact) {
    awaitThat(what, PATIENCE, fact);
  }

  static void awaitThat(String what, Duration patience, BooleanSupplier fact) {
    await(what)
        .atMost(patience)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(fact::getAsBoolean);
  }

  /** Lets time pass that is a part of the fault itself, such as that of a frozen client. */
  static void passTime(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  // ---- before and after ----

  @Override
  public void beforeEach(ExtensionContext context) {
    before = Census.now();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    boolean passed = context.getExecutionException().isEmpty();
    try {
      if (passed) {
        started.forEach(FaultCase::result);
        watches.forEach(watch -> watch.awaitRest(serversCanBeAsked ? this::openAtServers : null));
        check();
      }
      for (PoolWatch watch : watches) {
        watch.close(Duration.ofMillis(500));
      }
    } finally {
      for (AutoCloseable other : others) {
        other.close();
      }
      peers.forEach(TcpPeer::close);
      for (ServerProcess process : processes) {
        process.close();
      }
    }
    if (passed) {
      before.awaitNoMore(PATIENCE);
    }
  }

  /** Checks I1 to I4 and I8; what was written and not confirmed may still be on its way. */
  private void check() throws IOException {
    List<Received> received = Received.by(peers.toArray(TcpPeer[]::new));
    for (ServerProcess process : processes) {
      received.addAll(process.log().received());
    }
    Invariants.check(history, received, Invariants.SLACK);
  }
}

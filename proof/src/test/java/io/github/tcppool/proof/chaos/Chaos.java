package io.github.tcppool.proof.chaos;

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
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import io.github.tcppool.testkit.TcpPeerBuilder;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/**
 * The stage of one scenario: its servers, its pool, the history of its calls, and at its end the
 * invariants I1 to I8.
 */
@Tag("alone") // measures, and loads the machine by itself
abstract class Chaos {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int KEPT_FRAMES = 2_000_000;

  final Scale scale;
  private volatile History history = new History();

  private final AtomicLong ids = new AtomicLong();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<TcpPeer> peers = new ArrayList<>();
  private final List<Answering> answers = new ArrayList<>();
  private final List<Fleet> fleets = new ArrayList<>();
  private final List<PoolWatch> watches = new ArrayList<>();
  private Census before = new Census(0);

  Chaos(Scale scale) {
    this.scale = scale;
  }

  // ---- what scenarios are made of ----

  /** A peer that sends back what wants a reply. */
  TcpPeer answering() {
    Answering answering = new Answering();
    answers.add(answering);
    TcpPeerBuilder builder = TcpPeer.builder().behaviour(answering).keepFrames(0);
    TcpPeer peer = spoken(builder.frames(Message.boundary())).start();
    peers.add(peer);
    return serving(peer);
  }

  TcpPeer peer(Behaviour behaviour) {
    return peer(TcpPeer.builder().behaviour(behaviour));
  }

  /** A peer whose messages are checked in the end: 64 MiB of them, on 4,096 connections. */
  TcpPeer peer(TcpPeerBuilder builder) {
    TcpPeer peer = spoken(builder.frames(Message.boundary()).keepFrames(KEPT_FRAMES)).start();
    peers.add(peer);
    return serving(peer);
  }

  /** Whether peers and pools speak TLS. */
  boolean isOverTls() {
    return false;
  }

  private TcpPeerBuilder spoken(TcpPeerBuilder builder) {
    return isOverTls() ? builder.tls(RunKey.server()) : builder;
  }

  TcpPool.Builder spoken(TcpPool.Builder builder) {
    return isOverTls() ? builder.tls(RunKey.client()) : builder;
  }

  /** Servers in processes of their own, in clear. */
  Fleet fleet(int size) throws IOException {
    Fleet fleet = serving(Fleet.start(size));
    fleets.add(fleet);
    return fleet;
  }

  <S extends AutoCloseable> S serving(S server) {
    open.push(server);
    return server;
  }

  /** With the limits by which FAULTS.md counts: 500 ms to connect and to write, 2 s for a call. */
  static TcpPool.Builder builder(String... endpoints) {
    return TcpPool.builder(endpoints)
        .framing(Message.framing())
        .connectTimeout(Duration.ofMillis(500))
        .writeTimeout(Duration.ofMillis(500))
        .callTimeout(Duration.ofSeconds(2));
  }

  TcpPool pool(TcpPool.Builder builder) {
    PoolWatch watch = new PoolWatch();
    watches.add(watch);
    return watch.build(spoken(builder));
  }

  PoolWatch watch() {
    return watches.get(0);
  }

  Load start(int callers, Duration pause, Load.Turn turn) {
    return serving(Load.start(callers, pause, turn));
  }

  Load start(int callers, int turns, Duration pause, Load.Turn turn) {
    return serving(Load.start(callers, turns, pause, turn));
  }

  /** Makes a call with a message of its own, and notes what comes of it. */
  Call call(Verb verb, TcpPool pool, int sender, int bytes, CallOptions options) {
    return history.call(verb, pool, new Message(sender, ids.incrementAndGet(), bytes), options);
  }

  Call call(Verb verb, TcpPool pool, int sender) {
    return call(verb, pool, sender, Message.MIN_BYTES, CallOptions.defaults());
  }

  /** An exchange that may be repeated. */
  Call repeatable(TcpPool pool, int sender) {
    CallOptions options = CallOptions.defaults().idempotent();
    return call(Verb.EXCHANGE, pool, sender, Message.MIN_BYTES, options);
  }

  /** Waits until the pool stands like this. */
  static void awaitThat(TcpPool pool, String what, Predicate<PoolSnapshot> fact) {
    await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(pool::snapshot, fact);
  }

  /** Lets the load go on for a while; a scenario is a matter of time. */
  static void play(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  Figures calls() {
    return Figures.of(history.calls());
  }

  /** The figures of a run, for whoever keeps the books. */
  void tell(String scenario, Object... figures) {
    StringBuilder line = new StringBuilder("chaos ").append(scale).append(' ').append(scenario);
    for (Object figure : figures) {
      line.append("; ").append(figure);
    }
    System.out.println(line);
  }

  // ---- the invariants ----

  /** The JDK keeps a socket for itself from the first close on, so one is closed before. */
  @BeforeEach
  void count() throws IOException {
    SocketChannel.open().close();
    before = Census.now();
  }

  private int openAtServers() {
    return peers.stream().mapToInt(TcpPeer::open).sum()
        + fleets.stream().mapToInt(Fleet::open).sum();
  }

  private List<Received> received() {
    List<Received> all = new ArrayList<>(Received.by(peers.toArray(new TcpPeer[0])));
    answers.forEach(answering -> all.addAll(answering.received()));
    fleets.forEach(fleet -> all.addAll(fleet.received()));
    return all;
  }

  /**
   * Checks the invariants while nobody calls, and forgets what has happened so far, for scenarios
   * that last.
   */
  void checkpoint() {
    watch().awaitRest(this::openAtServers);
    Invariants.check(history, received(), slack());
    history = new History();
    watch().forget();
    fleets.forEach(Fleet::forget);
  }

  /** By how much a call may miss its deadline while a scenario loads the machine. */
  private Duration slack() {
    return scale.of(Invariants.SLACK, Duration.ofMillis(250));
  }

  @AfterEach
  void check() throws Exception {
    try {
      if (watches.size() == 1) {
        watch().awaitRest(this::openAtServers);
      }
      for (PoolWatch watch : watches) {
        watch.close(PATIENCE);
      }
      Invariants.check(history, received(), slack());
      for (TcpPeer peer : peers) {
        assertThat(peer.failures()).isEmpty();
      }
    } finally {
      for (AutoCloseable server : open) {
        server.close();
      }
    }
    before.awaitNoMore(PATIENCE);
  }
}

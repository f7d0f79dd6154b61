package io.github.tcppool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.FaultProxy;
import io.github.tcppool.testkit.TcpPeer;
import io.github.tcppool.testkit.TcpPeerBuilder;
import io.github.tcppool.tls.TestAuthority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Servers, pools and threads of one test, and what must hold after every test: nothing is leased,
 * nobody waits, the figures add up, the maximum was never exceeded, and a closed pool leaves no
 * connection and no thread behind.
 */
final class Bench implements AfterEachCallback {

  private static final AtomicInteger POOLS = new AtomicInteger();

  /**
   * Longer than the pool itself waits for anything: an endpoint that is down is dialed every 30 s.
   */
  static final Duration PATIENCE = Duration.ofSeconds(35);

  /**
   * What takes next to nothing is over by then, on a busy machine too; and what the pool would
   * otherwise wait for takes longer than this.
   */
  static final Duration SOON = Duration.ofSeconds(2);

  private final List<AutoCloseable> servers = new ArrayList<>();
  private final List<TcpPool> pools = new ArrayList<>();
  private final List<Task<?>> tasks = new ArrayList<>();
  private final Queue<String> excesses = new ConcurrentLinkedQueue<>();
  private volatile int highestMaximum;

  private final boolean tls;

  Bench() {
    this(Flavour.CLEAR);
  }

  Bench(Flavour flavour) {
    tls = flavour == Flavour.TLS;
  }

  /** What goes between the pools and the peers of a test. */
  enum Flavour {
    CLEAR,
    TLS
  }

  /** Made when it is first needed. */
  private static final class Certificates {
    static final SSLContext SERVER = TestAuthority.TRUSTED.issue("127.0.0.1", "::1").context();
  }

  // ---- what tests make ----

  TcpPeer peer(Behaviour behaviour) {
    return serving(newPeer().behaviour(behaviour).start());
  }

  /** The settings of a peer that speaks what the pools of this bench do. */
  TcpPeerBuilder newPeer() {
    return tls ? TcpPeer.builder().tls(Certificates.SERVER) : TcpPeer.builder();
  }

  /** A peer that never reads, behind buffers that are soon full. */
  TcpPeer stalledPeer() {
    return serving(newPeer().behaviour(Behaviour.stalled()).receiveBuffer(4_096).start());
  }

  FaultProxy proxyTo(TcpPeer peer) {
    return serving(FaultProxy.to(peer.address()));
  }

  <S extends AutoCloseable> S serving(S server) {
    servers.add(server);
    return server;
  }

  /** A builder with lines as messages, and short times. */
  static TcpPool.Builder linesTo(String... endpoints) {
    return TcpPool.builder(endpoints)
        .framing(Framing.lines())
        .callTimeout(Duration.ofSeconds(5))
        .connectTimeout(Duration.ofMillis(500));
  }

  /** A builder as {@link #linesTo}, whose connections have small buffers. */
  static TcpPool.Builder smallBuffersTo(String... endpoints) {
    return linesTo(endpoints).socketOption(java.net.StandardSocketOptions.SO_SNDBUF, 4_096);
  }

  /**
   * A builder as {@link #smallBuffersTo}; through TLS there is room for some records, as one that
   * was not handed over whole does not count.
   */
  TcpPool.Builder soonFullTo(String... endpoints) {
    return tls
        ? linesTo(endpoints).socketOption(java.net.StandardSocketOptions.SO_SNDBUF, 65_536)
        : smallBuffersTo(endpoints);
  }

  /** Enough connections to be many; through TLS each costs both ends a handshake. */
  int many() {
    return tls ? 20 : 100;
  }

  TcpPool pool(TcpPool.Builder builder) {
    if (tls) {
      builder.tls(TlsOptions.defaults().context(Certificates.SERVER));
      builder.connectTimeout(PATIENCE); // a handshake takes more of a busy machine than a SYN
    }
    MaximumWatch watch = new MaximumWatch();
    TcpPool pool = builder.name("bench-" + POOLS.incrementAndGet()).listener(watch).build();
    watch.note(pool.options());
    watch.pool = pool;
    pools.add(pool);
    return pool;
  }

  /** Says how far a test is going to raise the maximum, as no event tells that in time. */
  void maximumMayRiseTo(int connections) {
    highestMaximum = connections;
  }

  <T> Task<T> start(Task.Action<T> action) {
    Task<T> task = Task.start(action);
    tasks.add(task);
    return task;
  }

  // ---- small words ----

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  static CallOptions within(long millis) {
    return CallOptions.within(Duration.ofMillis(millis));
  }

  static void awaitUntil(TcpPool pool, String what, Predicate<PoolSnapshot> fact) {
    await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(pool::snapshot, fact);
  }

  static void awaitIdle(TcpPool pool, int connections) {
    awaitUntil(pool, connections + " idle", now -> now.idle() == connections);
  }

  // ---- the end ----

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    boolean passed = context.getExecutionException().isEmpty();
    try {
      for (TcpPool pool : pools) {
        if (passed) {
          checkAtRest(pool);
        }
        CloseReport unused = pool.close(Duration.ofMillis(200));
        if (passed) {
          checkGone(pool);
        }
      }
      if (passed) {
        assertThat(excesses).as("moments with more connections than the maximum").isEmpty();
      }
    } finally {
      for (Task<?> task : tasks) {
        task.end();
      }
      for (AutoCloseable server : servers) {
        server.close();
      }
    }
  }

  private static void checkAtRest(TcpPool pool) {
    awaitUntil(pool, "nothing leased", now -> now.leased() == 0 && now.waiting() == 0);
    checkFigures(pool.snapshot());
  }

  private static void checkGone(TcpPool pool) {
    awaitUntil(pool, "nothing left after close", now -> now.total() == 0);
    checkFigures(pool.snapshot());
    await("threads of " + pool.snapshot().name() + " ended")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> threadsNamed(pool.snapshot().name() + "-").isEmpty());
  }

  static void checkFigures(PoolSnapshot now) {
    for (EndpointSnapshot endpoint : now.endpoints()) {
      assertThat(endpoint.opened() - endpoint.closed())
          .as("opened - closed = idle + leased + closing in %s", endpoint)
          .isEqualTo(endpoint.idle() + endpoint.leased() + endpoint.closing());
    }
    assertThat(now.closedBy().values().stream().mapToLong(Long::longValue).sum())
        .as("every close has a reason in %s", now)
        .isEqualTo(now.endpoints().stream().mapToLong(EndpointSnapshot::closed).sum());
  }

  static List<String> threadsNamed(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(prefix))
        .toList();
  }

  /** Counts at every event. A maximum that was lowered holds only for what is made later. */
  private final class MaximumWatch implements PoolListener {
    private volatile TcpPool pool;
    private volatile int perEndpoint;
    private volatile int inAll;

    void note(PoolOptions options) {
      perEndpoint = Math.max(perEndpoint, options.maxConnections());
      inAll = Math.max(inAll, options.maxTotalConnections());
    }

    @Override
    public void onEvent(PoolEvent event) {
      TcpPool watched = pool;
      if (watched == null) {
        return;
      }
      if (event instanceof PoolEvent.OptionsUpdated updated) { // other options may hold by now
        note(updated.after());
      }
      PoolSnapshot now = watched.snapshot();
      note(watched.options());
      int allowed = Math.max(perEndpoint, highestMaximum);
      boolean tooMany = now.endpoints().stream().anyMatch(one -> one.total() > allowed);
      if (tooMany || now.total() > inAll) {
        excesses.add(event + ": " + now);
      }
    }
  }
}

package io.github.tcppool.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.DiscoverySnapshot;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A pool at work whose endpoints a real DNS server tells, which changes its mind, and fails. */
class DnsPoolTest {

  private static final byte[] PING = "ping".getBytes(UTF_8);

  /** Servers are asked this often, and for as long. */
  private static final Duration OFTEN = Duration.ofMillis(100);

  private final TcpPeer one = TcpPeer.start(Behaviour.echo());
  private final TcpPeer two = TcpPeer.start(Behaviour.echo());

  private static String[] answers(TcpPeer... peers) {
    return Stream.concat(
            Stream.of("--host-record=db.test,127.0.0.1"),
            List.of(peers).stream()
                .map(peer -> "--srv-host=_db._tcp.test,db.test," + peer.port() + ",0,5"))
        .toArray(String[]::new);
  }

  private static void awaitDiscovery(TcpPool pool, String what, Predicate<DiscoverySnapshot> is) {
    await(what)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> pool.snapshot().discovery(), is);
  }

  private static void awaitPorts(TcpPool pool, Integer... ports) {
    await("endpoints " + List.of(ports))
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> ports(pool), Set.of(ports)::equals);
  }

  private static Set<Integer> ports(TcpPool pool) {
    return pool.snapshot().endpoints().stream()
        .map(EndpointSnapshot::endpoint)
        .map(endpoint -> endpoint.port())
        .collect(Collectors.toSet());
  }

  private static void call(TcpPool pool) throws IOException {
    for (int i = 0; i < 10; i++) {
      assertThat(pool.exchange(PING)).isEqualTo(PING);
    }
  }

  /** Waits for a look-up that fails from now on, and calls beside it. */
  private static void callWhileLookUpsFail(TcpPool pool, String why) throws IOException {
    long before = pool.snapshot().discovery().failed();
    awaitDiscovery(pool, "a failure", now -> now.failed() > before);
    call(pool);
    assertThat(pool.snapshot().discovery().lastFailure()).contains(why);
  }

  /** So that the next failure is asked for again soon. */
  private static void awaitSuccess(TcpPool pool) {
    awaitDiscovery(pool, "a success", now -> now.lastFailure() == null);
  }

  @Test
  void aPoolFollowsItsAnswersAndKeepsTheLastGoodOnesWhileThereAreNone() throws Exception {
    try (DnsServer server = DnsServer.answering(answers(one));
        TcpPool pool =
            TcpPool.builder(
                    Discovery.srv(
                        "_db._tcp.test",
                        server.options().interval(OFTEN).timeout(OFTEN).attempts(1)))
                .framing(Framing.lines())
                .callTimeout(Duration.ofSeconds(30))
                .build()) {
      call(pool);
      server.answer(answers(one, two));
      awaitPorts(pool, one.port(), two.port());
      call(pool);
      server.answer(answers(two));
      awaitPorts(pool, two.port());
      call(pool);

      server.freeze();
      callWhileLookUpsFail(pool, "timed out");
      server.thaw();
      awaitSuccess(pool);
      server.answer(); // with nothing; while it starts it may refuse, too
      awaitDiscovery(
          pool, "no such name", now -> String.valueOf(now.lastFailure()).contains("not known"));
      call(pool);
      server.answer(answers(two));
      awaitSuccess(pool);
      server.kill();
      callWhileLookUpsFail(pool, "PortUnreachable");

      assertThat(ports(pool)).containsExactly(two.port());
      server.answer(answers(one));
      awaitPorts(pool, one.port());
      call(pool);
      assertThat(pool.snapshot().discovery().left()).isEqualTo(2);
      assertThat(pool.snapshot().discovery().joined()).isEqualTo(3);
    } finally {
      one.close();
      two.close();
    }
  }
}

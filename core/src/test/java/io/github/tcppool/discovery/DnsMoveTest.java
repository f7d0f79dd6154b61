package io.github.tcppool.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A name whose DNS server does not answer for two seconds, and then tells another address. */
@Tag("slow")
class DnsMoveTest {

  private static final byte[] PING = "ping".getBytes(UTF_8);
  private static final int CALLERS = 8;

  private final TcpPeer old = TcpPeer.start(Behaviour.echo());
  private final TcpPeer next =
      TcpPeer.builder().ipv6().port(old.port()).behaviour(Behaviour.echo()).start();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong answered = new AtomicLong();
  private final List<IOException> failures = new CopyOnWriteArrayList<>();
  private final List<Thread> callers = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    over.set(true);
    for (Thread caller : callers) {
      caller.join(5_000);
    }
    old.close();
    next.close();
  }

  private void call(TcpPool pool) {
    while (!over.get()) {
      try {
        assertThat(pool.exchange(PING)).isEqualTo(PING);
        answered.incrementAndGet();
      } catch (IOException e) {
        failures.add(e);
      }
    }
  }

  private static String address(String of) {
    return "--host-record=moving.test," + of + ",1"; // which is good for a second
  }

  @Test
  void noCallFailsWhileANameMovesAndTheOldAddressIsLeftSoon() throws Exception {
    try (DnsServer server = DnsServer.answering(address("127.0.0.1"));
        TcpPool pool =
            TcpPool.builder(
                    Discovery.dns(
                        "moving.test",
                        old.port(),
                        server.options().timeout(Duration.ofMillis(500)).attempts(1)))
                .framing(Framing.lines())
                .build()) {
      for (int i = 0; i < CALLERS; i++) {
        Thread caller = new Thread(() -> call(pool), "caller-" + i);
        callers.add(caller);
        caller.start();
      }
      await().until(() -> answered.get() > 1_000);
      server.freeze();
      boolean unused = new CountDownLatch(1).await(2, TimeUnit.SECONDS);
      server.thaw();
      server.answer(address("::1"));
      long moved = System.nanoTime();

      await("a connection to the new address")
          .pollInterval(Duration.ofMillis(5))
          .until(() -> next.accepted() > 0);
      Duration first = Duration.ofNanos(System.nanoTime() - moved);
      await("the end of those to the old one")
          .pollInterval(Duration.ofMillis(5))
          .until(() -> old.open() == 0);
      Duration last = Duration.ofNanos(System.nanoTime() - moved);

      System.out.printf("a name moved: new after %s, old gone after %s%n", first, last);
      assertThat(first).isLessThan(Duration.ofMillis(1_500));
      assertThat(last).isLessThan(Duration.ofSeconds(3));
      over.set(true);
      assertThat(failures).isEmpty();
    }
  }
}

package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallOptions;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.proof.fleet.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Scenario 20: server processes behind proxies, to which everything is done that can be done, at
 * random, while callers of all kinds go on.
 *
 * <p>A round begins with a calm that sets the measure, and ends with a calm in which all must be as
 * before. At full length there is a round a minute, for as many minutes as the system property
 * {@code chaos.minutes} says, one by default; then it is a soak, which tells heap, descriptors and
 * threads after every round.
 */
abstract class NemesisChaos extends Chaos {

  private static final int CALLERS = 64;
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final Duration STEP = Duration.ofMillis(500);
  private static final Duration CALM = Duration.ofSeconds(2);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int LARGEST = 20_000;
  private static final int MINUTES = Integer.getInteger("chaos.minutes", 1);

  /** A soak goes on while its machine does other things, so it measures time as a slice does. */
  private final Scale timing;

  private final List<Site> sites = new ArrayList<>();

  NemesisChaos(Scale scale) {
    super(scale);
    timing = MINUTES > 1 ? Scale.SLICE : scale;
  }

  @Test
  void everythingHappensAtRandom() throws Exception {
    Random random = Seed.random("20 nemesis");
    for (ServerProcess server : fleet(scale.of(2, 4)).servers()) {
      sites.add(serving(new Site(server, random.nextLong())));
    }
    String[] endpoints = sites.stream().map(Site::hostPort).toArray(String[]::new);
    TcpPool pool = pool(builder(endpoints).callTimeout(DEADLINE));
    int rounds = scale.of(1, MINUTES);
    Duration trouble = scale.of(Duration.ofSeconds(2), Duration.ofSeconds(52));
    tell("20 at the start", Vitals.now());
    List<Vitals> after = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      round(pool, random, trouble);
      checkpoint();
      after.add(withoutConnections(pool));
      tell("20 after round " + round, after.get(round - 1));
    }
    after.get(rounds - 1).assertNoMoreThan(after.get(0)); // the first round has loaded all code
  }

  /** How the process stands when the pool has nothing open, which differs from round to round. */
  private Vitals withoutConnections(TcpPool pool) throws IOException {
    pool.evict();
    awaitThat(pool, "no connections", now -> now.total() == 0);
    sites.forEach(site -> site.proxy().awaitOpen(0));
    return Vitals.now();
  }

  private void round(TcpPool pool, Random random, Duration trouble) throws Exception {
    long begun = System.nanoTime();
    Load load = Load.start(CALLERS, pace(), (caller, turn) -> anyCall(pool, caller, turn));
    try {
      play(CALM);
      long troubled = System.nanoTime();
      Map<Harm, Integer> done = harass(random, trouble);
      for (Site site : sites) {
        site.heal();
      }
      long healed = System.nanoTime();
      play(scale.of(Duration.ofSeconds(3), Duration.ofSeconds(5)));
      long ended = System.nanoTime();
      load.stop();
      tell("20 nemesis", calls(), done, pool.snapshot().closedBy());
      assertSuccessesBesideAHealthySite(begun, ended);
      assertAsBefore(begun, troubled, healed, ended);
    } finally {
      load.close();
      sites.forEach(Site::forget);
    }
  }

  /** By default about a thousand calls a second at most. */
  private static Duration pace() {
    return Duration.ofMillis(Integer.getInteger("chaos.pace", 60));
  }

  private void anyCall(TcpPool pool, int caller, int turn) {
    int bytes = Message.MIN_BYTES + (int) ((caller * 31L + turn * 7_919L) % LARGEST);
    CallOptions plain = CallOptions.defaults();
    switch (caller % 4) {
      case 0 -> call(Verb.SEND, pool, -1 - caller, bytes, plain);
      case 1 -> call(Verb.EXCHANGE, pool, caller, bytes, plain);
      case 2 -> call(Verb.EXCHANGE, pool, caller, bytes, plain.idempotent());
      default -> call(Verb.LEASE, pool, caller, bytes, plain);
    }
  }

  /** Every half second harms some sites that are well, and heals some that are not. */
  private Map<Harm, Integer> harass(Random random, Duration time) throws Exception {
    Map<Harm, Integer> done = new EnumMap<>(Harm.class);
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      List<Site> some = new ArrayList<>(sites);
      Collections.shuffle(some, random);
      for (Site site : some.subList(0, 1 + random.nextInt(some.size()))) {
        harmOrHeal(site, random, done);
      }
      play(STEP);
    }
    return done;
  }

  private static void harmOrHeal(Site site, Random random, Map<Harm, Integer> done)
      throws IOException {
    if (site.isHarmed()) {
      site.heal();
    } else {
      done.merge(site.harm(random), 1, Integer::sum);
    }
  }

  /**
   * Where one site was well for a second, and in the second before, in which callers may have found
   * their way to it, there was a success.
   */
  private void assertSuccessesBesideAHealthySite(long begun, long ended) {
    int well = 0;
    for (long from = begun + SECOND; from + SECOND - ended < 0; from += SECOND) {
      long start = from;
      if (sites.stream().anyMatch(site -> site.wasWell(start - SECOND, start + SECOND))) {
        well++;
        assertThat(calls().endedIn(from, from + SECOND).succeeded().count())
            .as("successes in the second from %d ms on", (from - begun) / 1_000_000)
            .isPositive();
      }
    }
    tell("20 seconds with a healthy site", well);
  }

  private void assertAsBefore(long begun, long troubled, long healed, long ended) {
    Figures before = calls().endedIn(begun + SECOND / 2, troubled);
    Figures after = calls().begunAfter(healed + SECOND).endedIn(healed, ended);
    Duration longest = calls().longest();
    tell("20 before", before);
    tell("20 after", after);
    assertThat(longest).as("longest call").isLessThan(DEADLINE.plus(timing.limit(250)));
    assertThat(after.failed()).as("failures a second after everything was healed").isEmpty();
    assertThat(after.quantile(0.99))
        .as("p99 after, which was %s before", before.quantile(0.99))
        .isLessThan(before.quantile(0.99).multipliedBy(2).plus(timing.limit(20)));
  }
}

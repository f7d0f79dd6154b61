package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.balance.Balancer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Making connections before anybody asks for one; dials end at once, and the clock ticks. */
@Timeout(10)
class FillTest {

  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final FakeTransport net = new FakeTransport();
  private final List<Endpoint> endpoints = List.of(Endpoint.of("a", 1), Endpoint.of("b", 2));
  private final AtomicLong now = new AtomicLong(HOUR);
  private long tickNanos = TimeUnit.MILLISECONDS.toNanos(1);

  private Engine<FakeConnection> engine(Consumer<PoolOptions.Builder> options) {
    PoolOptions.Builder builder = PoolOptions.defaults().toBuilder();
    options.accept(builder);
    return new Engine<>(
        "fill",
        endpoints,
        Balancer.roundRobin(),
        builder.build(),
        net,
        Runnable::run,
        () -> now.addAndGet(tickNanos),
        new Random(1),
        Parker::ofCurrentThread,
        event -> {});
  }

  private static List<Integer> idle(Engine<FakeConnection> engine) {
    return engine.closings().endpoints().stream().map(EndpointSnapshot::idle).toList();
  }

  @Test
  void everyEndpointGetsAsManyConnectionsAsAskedFor() throws IOException {
    Engine<FakeConnection> engine = engine(o -> o.connections(0, 5));
    engine.upkeep().fill(3, HOUR);
    assertThat(idle(engine)).containsExactly(3, 3);
    assertThat(net.opened).hasSize(6);
  }

  @Test
  void whatIsThereAlreadyIsNotMadeAgain() throws IOException {
    Engine<FakeConnection> engine = engine(o -> o.connections(0, 5));
    engine.upkeep().fill(2, HOUR);
    engine.upkeep().fill(1, HOUR);
    assertThat(net.opened).hasSize(4);
    engine.upkeep().fill(3, HOUR);
    assertThat(idle(engine)).containsExactly(3, 3);
    assertThat(net.opened).hasSize(6);
  }

  @Test
  void fillingGoesOnUntilAllIsThereHoweverFewDialsAreAllowedAtOnce() throws IOException {
    Engine<FakeConnection> engine = engine(o -> o.connections(0, 5).maxDials(1));
    engine.upkeep().fill(4, HOUR);
    assertThat(idle(engine)).containsExactly(4, 4);
  }

  @Test
  void anEndpointThatFailsAsOftenAsAllowedEndsTheFilling() {
    net.down.add(endpoints.get(1));
    Engine<FakeConnection> engine = engine(o -> o.connections(0, 5).retry(RetryPolicy.attempts(2)));
    assertThatThrownBy(() -> engine.upkeep().fill(1, HOUR))
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("no connection to b:2 after 2 attempts");
    assertThat(net.refused).isEqualTo(2);
    assertThat(idle(engine)).containsExactly(1, 0);
  }

  @Test
  void anEndpointThatComesBackInTimeIsFilledAllTheSame() {
    net.down.add(endpoints.get(0));
    net.whileRefusing = () -> net.down.clear();
    Engine<FakeConnection> engine = engine(o -> o.connections(0, 5));
    assertThatCode(() -> engine.upkeep().fill(1, HOUR)).doesNotThrowAnyException();
    assertThat(idle(engine)).containsExactly(1, 1);
  }

  @Test
  void theEndOfTheTimeEndsTheFilling() {
    net.down.add(endpoints.get(0));
    tickNanos = TimeUnit.MILLISECONDS.toNanos(20);
    Engine<FakeConnection> engine = engine(o -> o.connections(0, 5));
    assertThatThrownBy(() -> engine.upkeep().fill(1, TimeUnit.MILLISECONDS.toNanos(400)))
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("no connection to a:1");
    assertThat(net.refused).isPositive();
  }

  @Test
  void anEndpointThatHadFailedButIsFilledDoesNotEndTheFilling() throws IOException {
    net.down.add(endpoints.get(1));
    Engine<FakeConnection> engine =
        engine(
            o ->
                o.connections(0, 5)
                    .maxIdle(Duration.ZERO)
                    .maxLifetime(Duration.ZERO)
                    .retry(RetryPolicy.attempts(1)));
    assertThatThrownBy(() -> engine.upkeep().fill(1, HOUR))
        .isInstanceOf(ConnectFailedException.class);
    net.down.clear();
    now.addAndGet(HOUR);
    engine.upkeep().run(now.get());
    assertThat(idle(engine)).containsExactly(1, 1);
    engine.upkeep().fill(1, HOUR);
    assertThat(idle(engine)).containsExactly(1, 1);
  }

  @Test
  void anInterruptEndsTheFilling() {
    net.down.add(endpoints.get(0));
    Engine<FakeConnection> engine = engine(o -> o.connections(0, 5));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> engine.upkeep().fill(1, HOUR))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).as("the flag stays").isTrue();
  }

  @Test
  void theTimeOfAFillingMayBeAsShortAsItsDials() throws IOException {
    tickNanos = 0;
    Engine<FakeConnection> engine =
        engine(o -> o.connections(0, 5).connectTimeout(Duration.ofSeconds(1)));
    engine.upkeep().fill(1, 1);
    assertThat(idle(engine)).containsExactly(1, 1);
  }
}

package io.github.tcppool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.tcppool.testkit.Ports;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option refuses what is out of its bounds, and takes what is just within. */
class OptionBoundsTest {

  private static final Duration NEGATIVE = Duration.ofNanos(-1);
  private static final Duration TOO_SHORT = Duration.ofNanos(999_999);
  private static final Duration SHORT = Duration.ofMillis(1);

  private static Arguments refused(Consumer<TcpPool.Builder> setting, String message) {
    return Arguments.of(setting, message);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refused(b -> b.connections(0), "connections must be at least 1, but was 0"),
        refused(b -> b.connections(-1, 5), "min connections must be at least 0, but was -1"),
        refused(b -> b.connections(0, 0), "max connections must be at least 1, but was 0"),
        refused(
            b -> b.connections(6, 5),
            "min connections must not exceed max connections (5), but was 6"),
        refused(
            b -> b.callTimeout(NEGATIVE),
            "callTimeout must not be negative, but was PT-0.000000001S"),
        refused(
            b -> b.callTimeout(TOO_SHORT),
            "callTimeout must be at least 1 ms, but was PT0.000999999S"),
        refused(
            b -> b.connectTimeout(NEGATIVE),
            "connectTimeout must not be negative, but was PT-0.000000001S"),
        refused(
            b -> b.connectTimeout(Duration.ZERO),
            "connectTimeout must be at least 1 ms, but was PT0S"),
        refused(
            b -> b.writeTimeout(NEGATIVE),
            "writeTimeout must not be negative, but was PT-0.000000001S"),
        refused(
            b -> b.writeTimeout(TOO_SHORT),
            "writeTimeout must be at least 1 ms, but was PT0.000999999S"),
        refused(b -> b.maxIdle(NEGATIVE), "maxIdle must not be negative, but was PT-0.000000001S"),
        refused(
            b -> b.maxLifetime(NEGATIVE),
            "maxLifetime must not be negative, but was PT-0.000000001S"),
        refused(
            b -> b.drainTimeout(NEGATIVE),
            "drainTimeout must not be negative, but was PT-0.000000001S"),
        refused(
            b -> b.closeTimeout(NEGATIVE),
            "closeTimeout must not be negative, but was PT-0.000000001S"),
        refused(
            b -> b.leakThreshold(NEGATIVE),
            "leakThreshold must not be negative, but was PT-0.000000001S"),
        refused(b -> b.maxTotalConnections(0), "maxTotalConnections must be at least 1, but was 0"),
        refused(b -> b.maxPending(-1), "maxPending must be at least 0, but was -1"),
        refused(b -> b.maxDials(0), "maxDials must be at least 1, but was 0"),
        refused(
            b -> b.maxInboundBytes(1_023), "maxInboundBytes must be at least 1024, but was 1023"),
        refused(
            b -> b.family(StandardProtocolFamily.UNIX),
            "family must be INET, INET6 or null, but was UNIX"),
        refused(b -> b.name(" "), "name must have 1 to 64 characters, but was \" \""),
        refused(
            b -> b.name("x".repeat(65)),
            "name must have 1 to 64 characters, but was \"" + "x".repeat(65) + "\""),
        refused(b -> b.retry(RetryPolicy.attempts(0)), "attempts must be at least 1, but was 0"),
        refused(
            b -> RetryPolicy.untilDeadline().backoff(Duration.ZERO),
            "first backoff must be at least 1 ms, but was PT0S"),
        refused(
            b -> Backoff.exponential(Duration.ofMillis(2), Duration.ofMillis(1)),
            "max backoff must be at least first backoff (PT0.002S), but was PT0.001S"),
        refused(
            b -> CallOptions.within(NEGATIVE),
            "deadline must not be negative, but was PT-0.000000001S"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refusals")
  void whatIsOutOfBoundsIsRefused(Consumer<TcpPool.Builder> setting, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> setting.accept(TcpPool.builder("h:1")))
        .withMessage(message);
  }

  @Test
  void theSmallestLegalValuesAreTaken() {
    TcpPool.Builder smallest =
        TcpPool.builder("127.0.0.1:" + Ports.unused())
            .connections(0, 1)
            .callTimeout(SHORT)
            .connectTimeout(SHORT)
            .writeTimeout(SHORT)
            .maxIdle(Duration.ZERO)
            .maxLifetime(Duration.ZERO)
            .drainTimeout(Duration.ZERO)
            .closeTimeout(Duration.ZERO)
            .leakThreshold(Duration.ZERO)
            .maxTotalConnections(1)
            .maxPending(0)
            .maxDials(1)
            .maxInboundBytes(1_024)
            .retry(RetryPolicy.attempts(1).backoff(SHORT))
            .family(null)
            .localAddress(null)
            .name("x");
    try (TcpPool pool = smallest.build()) {
      assertThat(pool.options().maxPending()).isZero();
      assertThat(pool.options().toBuilder().build().callTimeout()).isEqualTo(SHORT);
    }
  }

  @Test
  void timesThatNoClockCanCountAreCut() {
    Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
    TcpPool.Builder longest =
        TcpPool.builder("127.0.0.1:" + Ports.unused())
            .callTimeout(ages)
            .connectTimeout(ages)
            .writeTimeout(ages)
            .maxIdle(ages)
            .maxLifetime(ages)
            .drainTimeout(ages)
            .leakThreshold(ages)
            .retry(RetryPolicy.untilDeadline().backoff(ages));
    try (TcpPool pool = longest.build()) {
      assertThat(pool.options().maxIdle()).isLessThan(ages).isGreaterThan(Duration.ofDays(3_650));
      CloseReport report = pool.close(ages);
      assertThat(report.isClean()).isTrue();
    }
  }

  @Test
  void aBadValueIsRefusedByUpdateTooAndChangesNothing() {
    try (TcpPool pool = TcpPool.open("127.0.0.1:" + Ports.unused())) {
      PoolOptions before = pool.options();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pool.update(o -> o.maxIdle(Duration.ofDays(1)).connections(5, 4)))
          .withMessage("min connections must not exceed max connections (4), but was 5");
      assertThat(pool.options()).isSameAs(before);
    }
  }

  @Test
  void aSocketOptionThatNoSocketTakesIsRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TcpPool.builder("h:1")
                    .socketOption(StandardSocketOptions.IP_MULTICAST_TTL, 1)
                    .build())
        .withMessageContaining("IP_MULTICAST_TTL");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TcpPool.builder("h:1").socketOption(StandardSocketOptions.SO_RCVBUF, -1).build())
        .withMessageContaining("SO_RCVBUF")
        .withMessageContaining("-1");
  }
}

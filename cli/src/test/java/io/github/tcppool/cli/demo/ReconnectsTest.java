package io.github.tcppool.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PoolEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReconnectsTest {

  private static final Endpoint A = Endpoint.of("127.0.0.1", 1);
  private static final Endpoint B = Endpoint.of("127.0.0.1", 2);

  private final Reconnects reconnects = new Reconnects();

  private void opened(Endpoint endpoint) {
    reconnects.onEvent(new PoolEvent.ConnectionOpened(endpoint, 1, Duration.ZERO));
  }

  private void closed(Endpoint endpoint, CloseReason reason) {
    reconnects.onEvent(new PoolEvent.ConnectionClosed(endpoint, 1, reason, Duration.ZERO, 0));
  }

  @Test
  void theFirstConnectionsAreNoReconnects() {
    opened(A);
    opened(A);

    assertThat(reconnects.reconnects(A.toString())).isZero();
    assertThat(reconnects.failures(A.toString())).isZero();
  }

  @Test
  void aLostConnectionIsAFailureAndItsReplacementAReconnect() {
    opened(A);
    closed(A, CloseReason.PEER_CLOSED);
    closed(A, CloseReason.PEER_RESET);
    assertThat(reconnects.failures(A.toString())).isEqualTo(2);
    assertThat(reconnects.reconnects(A.toString())).isZero();

    opened(A);
    opened(A);
    opened(A);

    assertThat(reconnects.reconnects(A.toString())).as("two were lost").isEqualTo(2);
  }

  @Test
  void aFailedDialIsAFailureAndLeavesNothingToReplace() {
    reconnects.onEvent(
        new PoolEvent.DialFailed(A, new IOException("refused"), 1, Duration.ofMillis(10)));
    opened(A);

    assertThat(reconnects.failures(A.toString())).isEqualTo(1);
    assertThat(reconnects.reconnects(A.toString())).isZero();
  }

  @Test
  void whatThePoolClosesByItselfIsNoFailure() {
    List.of(
            CloseReason.IDLE,
            CloseReason.LIFETIME,
            CloseReason.SHRUNK,
            CloseReason.EVICTED,
            CloseReason.POOL_CLOSED,
            CloseReason.FORCED)
        .forEach(reason -> closed(A, reason));
    opened(A);

    assertThat(reconnects.failures(A.toString())).isZero();
    assertThat(reconnects.reconnects(A.toString())).isZero();
  }

  @Test
  void endpointsAreCountedApart() {
    closed(A, CloseReason.PEER_CLOSED);
    opened(B);

    assertThat(reconnects.failures(A.toString())).isEqualTo(1);
    assertThat(reconnects.failures(B.toString())).isZero();
    assertThat(reconnects.reconnects(B.toString())).isZero();
  }
}

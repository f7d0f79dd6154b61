package io.github.tcppool.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopRequestTest {
  private final StopRequest stop = new StopRequest();
  private final AtomicInteger told = new AtomicInteger();

  @Test
  void isRefusedWhileNobodyListens() {
    assertThat(stop.request(130)).isFalse();
    assertThat(stop.isRequested()).isFalse();
    assertThat(stop.exitCode(7)).isEqualTo(7);
  }

  @Test
  void tellsTheCommandOnceAndKeepsTheFirstExitCode() throws Exception {
    stop.onRequest(told::incrementAndGet);

    assertThat(stop.request(130)).isTrue();
    assertThat(stop.request(143)).isTrue();

    assertThat(told).hasValue(1);
    assertThat(stop.exitCode(0)).isEqualTo(130);
    assertThat(stop.await(Duration.ZERO)).isTrue();
  }
}

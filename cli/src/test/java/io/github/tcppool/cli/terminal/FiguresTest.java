package io.github.tcppool.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  void groupsDigitsAndMindsTheSingular() {
    assertThat(Figures.count(1_234_567)).isEqualTo("1,234,567");
    assertThat(Figures.count(1, "message")).isEqualTo("1 message");
    assertThat(Figures.count(0, "message")).isEqualTo("0 messages");
  }

  @Test
  void choosesUnitsByMagnitude() {
    assertThat(Figures.bytes(1_023)).isEqualTo("1023 B");
    assertThat(Figures.bytes(1_536)).isEqualTo("1.5 KiB");
    assertThat(Figures.bytes(3L << 40)).isEqualTo("3.0 TiB");
    assertThat(Figures.bytes(3L << 50)).isEqualTo("3072.0 TiB");
    assertThat(Figures.time(Duration.ofNanos(310_000))).isEqualTo("0.31 ms");
    assertThat(Figures.time(Duration.ofMillis(42))).isEqualTo("42 ms");
    assertThat(Figures.time(Duration.ofMillis(2_400))).isEqualTo("2.4 s");
    assertThat(Figures.time(Duration.ofSeconds(185))).isEqualTo("3 min 5 s");
  }

  @Test
  void ratesArePerSecondEvenWhenNoTimeHasPassed() {
    assertThat(Figures.rate(500, Duration.ofMillis(250))).isEqualTo("2,000/s");
    assertThat(Figures.rate(0, Duration.ZERO)).isEqualTo("0/s");
  }
}

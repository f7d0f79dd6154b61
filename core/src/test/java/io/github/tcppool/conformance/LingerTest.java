package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code setSoLinger}. What it does to the close of a lease is in {@link LentSocketTest}. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#all")
class LingerTest extends Conformance.Connected {

  @Test
  void lingerIsOffAtFirstAndCanBeSetAndTakenBack() throws IOException {
    assertThat(socket.getSoLinger()).isEqualTo(-1);
    socket.setSoLinger(true, 5);
    assertThat(socket.getSoLinger()).isEqualTo(5);
    assertThat(socket.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(5);
    socket.setSoLinger(true, 0);
    assertThat(socket.getSoLinger()).isZero();
    socket.setSoLinger(false, 77);
    assertThat(socket.getSoLinger()).isEqualTo(-1);
    socket.setSoLinger(false, -1);
    assertThat(socket.getSoLinger()).isEqualTo(-1);
  }

  @Test
  void nobodyLingersForMoreThanTheKernelCanCount() throws IOException {
    socket.setSoLinger(true, 1_000_000);
    assertThat(socket.getSoLinger()).isEqualTo(65_535);
    socket.setSoLinger(false, 0);
  }
}

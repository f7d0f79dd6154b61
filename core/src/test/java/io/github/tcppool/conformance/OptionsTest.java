package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Options, by either name. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#all")
class OptionsTest extends Conformance.Connected {

  /** Can be told, not set. */
  private static final Set<String> FIXED = Set.of("SO_INCOMING_NAPI_ID");

  /** The kernel makes other numbers of them. */
  private static final Set<String> ROUNDED = Set.of("SO_SNDBUF", "SO_RCVBUF");

  private static final Map<String, List<Integer>> NUMBERS =
      Map.of(
          "SO_SNDBUF", List.of(30_000, 60_000),
          "SO_RCVBUF", List.of(30_000, 60_000),
          "SO_LINGER", List.of(0, 7, -1),
          "IP_TOS", List.of(0x10, 0),
          "TCP_KEEPIDLE", List.of(5, 9),
          "TCP_KEEPINTERVAL", List.of(6, 8),
          "TCP_KEEPCOUNT", List.of(4, 3));

  private static final Map<String, List<Integer>> REFUSED =
      Map.of(
          "SO_SNDBUF", List.of(-1),
          "SO_RCVBUF", List.of(-1),
          "IP_TOS", List.of(-1, 256));

  /** By the kernel: the JDK hands them on as they are. */
  private static final Map<String, List<Integer>> REFUSED_BELOW =
      Map.of(
          "TCP_KEEPIDLE", List.of(0, -1),
          "TCP_KEEPINTERVAL", List.of(0, -1),
          "TCP_KEEPCOUNT", List.of(0, -1));

  @Test
  void everyOptionOfTheJdkIsSupported() throws IOException {
    try (Socket jdk = new Socket()) {
      assertThat(socket.supportedOptions()).containsAll(jdk.supportedOptions());
    }
  }

  @Test
  void everySupportedOptionTellsWhatWasSet() throws IOException {
    for (SocketOption<?> option : socket.supportedOptions()) {
      if (FIXED.contains(option.name())) {
        assertThat(socket.getOption(option)).isInstanceOf(Integer.class);
      } else if (option.type() == Boolean.class) {
        roundTrips(option, true);
        roundTrips(option, false);
      } else {
        for (int number : NUMBERS.get(option.name())) {
          roundTrips(option, number);
        }
      }
    }
  }

  @Test
  void lingerBelowZeroIsOff() throws IOException {
    set(StandardSocketOptions.SO_LINGER, -5);
    assertThat(socket.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
  }

  private <T> void roundTrips(SocketOption<T> option, Object value) throws IOException {
    assertThat(socket.setOption(option, option.type().cast(value)))
        .isSameAs(kind.tls() ? below : socket); // so does the JDK's layer
    T told = socket.getOption(option);
    if (ROUNDED.contains(option.name())) {
      assertThat((Integer) told).as(option.name()).isGreaterThanOrEqualTo((Integer) value);
    } else {
      assertThat(told).as(option.name()).isEqualTo(value);
    }
  }

  @Test
  void badValuesAreRefusedAndChangeNothing() throws IOException {
    for (SocketOption<?> option : socket.supportedOptions()) {
      for (Integer bad : REFUSED.getOrDefault(option.name(), List.of())) {
        Object before = socket.getOption(option);
        assertThatThrownBy(() -> set(option, bad))
            .as(option.name() + " " + bad)
            .isInstanceOf(IllegalArgumentException.class);
        assertThat(socket.getOption(option)).isEqualTo(before);
      }
    }
  }

  @Test
  void valuesThatTheKernelRefusesChangeNothing() throws IOException {
    for (SocketOption<?> option : socket.supportedOptions()) {
      for (Integer bad : REFUSED_BELOW.getOrDefault(option.name(), List.of())) {
        Object before = socket.getOption(option);
        assertThatThrownBy(() -> set(option, bad))
            .as(option.name() + " " + bad)
            .isInstanceOf(SocketException.class);
        assertThat(socket.getOption(option)).isEqualTo(before);
      }
    }
  }

  private <T> void set(SocketOption<T> option, Object value) throws IOException {
    Socket unused = socket.setOption(option, option.type().cast(value));
  }

  @Test
  void nullIsNoValueAndNoOption() {
    assertThatThrownBy(() -> socket.setOption(StandardSocketOptions.TCP_NODELAY, null))
        .isInstanceOfAny(IllegalArgumentException.class, NullPointerException.class);
    assertThatThrownBy(() -> socket.setOption(null, true)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> socket.getOption(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void optionsOfOtherSocketsAreNotSupported() {
    assertThatThrownBy(() -> socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void theOldSettersAndTheOptionsAreTheSame() throws IOException {
    for (boolean on : new boolean[] {true, false}) {
      socket.setTcpNoDelay(on);
      socket.setKeepAlive(on);
      socket.setReuseAddress(on);
      assertThat(socket.getTcpNoDelay()).isEqualTo(on);
      assertThat(socket.getKeepAlive()).isEqualTo(on);
      assertThat(socket.getReuseAddress()).isEqualTo(on);
      assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isEqualTo(on);
      assertThat(socket.getOption(StandardSocketOptions.SO_KEEPALIVE)).isEqualTo(on);
      assertThat(socket.getOption(StandardSocketOptions.SO_REUSEADDR)).isEqualTo(on);
    }
    socket.setTrafficClass(8);
    assertThat(socket.getTrafficClass()).isEqualTo(8);
    assertThat(socket.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(8);
    socket.setSendBufferSize(40_000);
    socket.setReceiveBufferSize(50_000);
    assertThat(socket.getSendBufferSize()).isGreaterThanOrEqualTo(40_000);
    assertThat(socket.getReceiveBufferSize()).isGreaterThanOrEqualTo(50_000);
    socket.setPerformancePreferences(1, 2, 3);
  }

  @Test
  void theOldSettersRefuseBadValues() {
    assertThatThrownBy(() -> socket.setSendBufferSize(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.setSendBufferSize(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.setReceiveBufferSize(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.setReceiveBufferSize(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.setTrafficClass(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.setTrafficClass(256))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.setSoTimeout(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.setSoLinger(true, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

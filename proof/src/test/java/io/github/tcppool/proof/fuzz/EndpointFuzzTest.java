package io.github.tcppool.proof.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.tcppool.Endpoint;
import io.github.tcppool.TcpPool;
import org.junit.jupiter.api.Tag;

/** Endpoints as people and configuration files write them. */
@Tag("fuzz")
class EndpointFuzzTest {

  private static final int LONG_CHARS = 1 << 20;

  /** The input is the text; behind a {@code *} it is repeated until it is a mebibyte. */
  @FuzzTest(maxDuration = "20s")
  void anEndpointIsSoundOrRefusedByARule(byte[] input) {
    String text = new String(input, UTF_8);
    if (text.length() > 1 && text.charAt(0) == '*') {
      String part = text.substring(1);
      text = part.repeat(1 + LONG_CHARS / part.length());
    }
    Endpoint endpoint;
    try {
      endpoint = Endpoint.parse(text);
    } catch (IllegalArgumentException e) {
      assertRefusedByARule(e, text);
      return;
    }
    assertSound(endpoint);
    assertThat(Endpoint.parse(endpoint.toString())).isEqualTo(endpoint);
    assertThat(TcpPool.builder(text)).isNotNull();
  }

  private static void assertRefusedByARule(IllegalArgumentException refused, String text) {
    assertThat(refused.getMessage())
        .containsPattern("^(endpoint|host|port) must ")
        .hasSizeLessThan(200);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> TcpPool.builder(text))
        .hasMessage(refused.getMessage());
  }

  private static void assertSound(Endpoint endpoint) {
    assertThat(endpoint.port()).isBetween(1, 65_535);
    assertThat(endpoint.host()).isNotEmpty().hasSizeLessThanOrEqualTo(253);
    assertThat(endpoint.host().codePoints())
        .allMatch(c -> !Character.isISOControl(c) && !Character.isSpaceChar(c));
  }
}

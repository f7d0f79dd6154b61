package io.github.tcppool.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.Endpoint;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the sources that need no server find. */
class SourcesTest {

  @TempDir Path folder;

  private final List<Endpoint> found = new ArrayList<>();

  private Duration refresh(Discovery discovery) throws Exception {
    found.clear();
    return discovery.refresh(found::addAll);
  }

  private Discovery file(String text) throws IOException {
    Path file = folder.resolve("endpoints");
    Files.writeString(file, text);
    return Discovery.file(file);
  }

  @Test
  void aFixedListIsPushedOnce() throws Exception {
    Duration next = refresh(Discovery.fixed(List.of(Endpoint.of("a", 1))));

    assertThat(found).containsExactly(Endpoint.of("a", 1));
    assertThat(next).isGreaterThan(Duration.ofDays(3650));
    assertThatThrownBy(() -> Discovery.fixed(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("endpoints must be at least 1, but were 0");
  }

  @Test
  void aFileHasOneEndpointPerLine() throws Exception {
    Discovery discovery =
        file(
            "# ours\n\n a:1\r\n[::1]:2  weight=3 priority=1 zone=b\n"
                + "c:3 # the last, without an end of line");

    assertThat(refresh(discovery)).isEqualTo(Duration.ofSeconds(1));

    assertThat(found)
        .containsExactly(
            Endpoint.of("a", 1),
            new Endpoint("::1", 2, 3, 1, Map.of("zone", "b")),
            Endpoint.of("c", 3));
  }

  @ParameterizedTest
  @CsvSource({
    "a:1 x, must be key=value",
    "a:1 =x, must be key=value",
    "a, endpoint must be host:port",
    "a:1 weight=0, weight must be at least 1",
    "a:1 weight=two, weight must be a number",
    "a:1 priority=-1, priority must be at least 0"
  })
  void aFileWithAWrongLineIsNotTakenAtAll(String line, String why) throws IOException {
    Discovery discovery = file("ok:1\n" + line + "\n");

    assertThatThrownBy(() -> refresh(discovery))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("endpoints, line 2: ")
        .hasMessageContaining(why);
    assertThat(found).isEmpty();
  }

  @Test
  void aFileThatIsMissingOrTooLargeOrNoTextIsAFailure() throws IOException {
    assertThatThrownBy(() -> refresh(Discovery.file(folder.resolve("none"))))
        .isInstanceOf(NoSuchFileException.class);
    Discovery large = file("#".repeat((1 << 20) + 1));
    assertThatThrownBy(() -> refresh(large)).hasMessageContaining("larger than 1 MiB");
    Files.write(folder.resolve("endpoints"), new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> refresh(large)).isInstanceOf(IOException.class);
  }

  @Test
  void aSupplierIsAskedEveryInterval() throws Exception {
    Discovery discovery =
        Discovery.polling(() -> List.of(Endpoint.of("a", 1)), Duration.ofSeconds(7));

    assertThat(refresh(discovery)).isEqualTo(Duration.ofSeconds(7));
    assertThat(found).containsExactly(Endpoint.of("a", 1));
    assertThatThrownBy(() -> Discovery.polling(List::of, Duration.ofMillis(99)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("interval must be at least 100 ms, but was PT0.099S");
  }

  @Test
  void aNameIsResolvedByTheSystemToOneEndpointPerAddress() throws Exception {
    Duration next = refresh(Discovery.dns("localhost", 7000));

    assertThat(next).isEqualTo(Duration.ofSeconds(30));
    assertThat(found).contains(new Endpoint("127.0.0.1", 7000, 1, 0, Map.of("name", "localhost")));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.53, /10.0.0.53:53",
    "10.0.0.53:8600, /10.0.0.53:8600",
    "::1, /[0:0:0:0:0:0:0:1]:53",
    "[::1]:5353, /[0:0:0:0:0:0:0:1]:5353"
  })
  void aDnsServerIsAnAddressWithAPortOrWithout(String text, String expected) {
    assertThat(DnsOptions.defaults().servers(text).servers().get(0)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dns.example", "", "10.0.0.53:0", "[::1]", "a:53", "1.2.3.999"})
  void aDnsServerThatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> DnsOptions.defaults().servers(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void dnsOptionsHaveBounds() {
    DnsOptions defaults = DnsOptions.defaults();
    assertThat(defaults.family(StandardProtocolFamily.INET).family())
        .isEqualTo(StandardProtocolFamily.INET);
    assertThatThrownBy(() -> defaults.timeout(Duration.ZERO))
        .hasMessage("DNS timeout must be 1 ms to one minute, but was PT0S");
    assertThatThrownBy(() -> defaults.timeout(Duration.ofSeconds(61)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> defaults.attempts(0))
        .hasMessage("DNS attempts must be 1 to 10, but were 0");
    assertThatThrownBy(() -> defaults.attempts(11)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> defaults.interval(Duration.ofMillis(99)))
        .hasMessage("DNS interval must be at least 100 ms, but was PT0.099S");
    assertThatThrownBy(
            () -> defaults.servers("::1", "::2", "::3", "::4", "::5", "::6", "::7", "::8", "::9"))
        .hasMessage("DNS servers must be at most 8, but were 9");
  }

  @Test
  void aNameThatDnsCannotBeAskedForIsRefusedAtOnce() {
    assertThatThrownBy(() -> Discovery.srv("_x.._tcp"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Discovery.dns("a..b", 1, DnsOptions.defaults()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

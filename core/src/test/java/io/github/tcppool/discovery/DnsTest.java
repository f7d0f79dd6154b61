package io.github.tcppool.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.Endpoint;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names and services, asked of a real DNS server. */
class DnsTest {

  private final List<Endpoint> found = new ArrayList<>();

  private Duration refresh(Discovery discovery) throws Exception {
    found.clear();
    return discovery.refresh(found::addAll);
  }

  private static Endpoint at(String address, String name) {
    return new Endpoint(address, 7000, 1, 0, Map.of("name", name));
  }

  @Test
  void aNameIsOneEndpointPerAddressOfEitherFamilyUntilTheAnswerExpires() throws Exception {
    try (DnsServer server =
        DnsServer.answering(
            "--host-record=db.test,127.0.0.1,::1,7", "--host-record=db.test,127.0.0.2,7")) {
      Duration next = refresh(Discovery.dns("db.test", 7000, server.options()));

      assertThat(found)
          .containsExactlyInAnyOrder(
              at("0:0:0:0:0:0:0:1", "db.test"),
              at("127.0.0.1", "db.test"),
              at("127.0.0.2", "db.test"));
      assertThat(next).isEqualTo(Duration.ofSeconds(7));

      refresh(
          Discovery.dns("DB.test.", 7000, server.options().family(StandardProtocolFamily.INET6)));
      assertThat(found).containsExactly(at("0:0:0:0:0:0:0:1", "DB.test."));
    }
  }

  @Test
  void anAliasIsFollowed() throws Exception {
    try (DnsServer server =
        DnsServer.answering("--host-record=real.test,127.0.0.3", "--cname=alias.test,real.test")) {
      refresh(Discovery.dns("alias.test", 7000, server.options()));

      assertThat(found).containsExactly(at("127.0.0.3", "alias.test"));
    }
  }

  @Test
  void aServiceHasPortsWeightsPrioritiesAndTheAddressesOfItsHosts() throws Exception {
    try (DnsServer server =
        DnsServer.answering(
            "--srv-host=_db._tcp.test,a.test,7001,0,5",
            "--srv-host=_db._tcp.test,b.test,7002,1,0",
            "--host-record=a.test,127.0.0.1",
            "--host-record=b.test,127.0.0.2")) {
      Duration next = refresh(Discovery.srv("_db._tcp.test", server.options()));

      assertThat(found)
          .containsExactlyInAnyOrder(
              new Endpoint("127.0.0.1", 7001, 5, 0, Map.of("name", "a.test")),
              new Endpoint("127.0.0.2", 7002, 1, 1, Map.of("name", "b.test")));
      assertThat(next).isEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void anAnswerThatDoesNotFitIsAskedForAgainByTcp() throws Exception {
    String[] answers = new String[60];
    for (int i = 0; i < answers.length; i++) {
      answers[i] = "--host-record=many.test,127.0.1." + (i + 1);
    }
    try (DnsServer server = DnsServer.answering(answers)) {
      refresh(
          Discovery.dns("many.test", 7000, server.options().family(StandardProtocolFamily.INET)));

      assertThat(found).hasSize(60);
    }
  }

  @Test
  void aNameThatIsNotThereIsTold() throws Exception {
    try (DnsServer server = DnsServer.answering()) {
      assertThatThrownBy(() -> refresh(Discovery.dns("none.test", 7000, server.options())))
          .isInstanceOf(UnknownHostException.class)
          .hasMessageContaining("none.test is not known to the DNS server /127.0.0.1:");
      assertThatThrownBy(() -> refresh(Discovery.dns("else.where", 7000, server.options())))
          .as("which the server refuses")
          .isInstanceOf(IOException.class)
          .hasMessageContaining("answered with error 5");
    }
  }

  @Test
  void aServerThatDoesNotAnswerCostsItsTimeAndTheNextOneIsAsked() throws Exception {
    try (DnsServer silent = DnsServer.answering();
        DnsServer server = DnsServer.answering("--host-record=db.test,127.0.0.1")) {
      silent.freeze();
      DnsOptions options = DnsOptions.defaults().timeout(Duration.ofMillis(50)).attempts(1);
      long start = System.nanoTime();
      assertThatThrownBy(
              () ->
                  refresh(
                      Discovery.dns("db.test", 7000, options.servers("127.0.0.1:" + silent.port))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Receive timed out");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));

      refresh(
          Discovery.dns(
              "db.test",
              7000,
              options
                  .timeout(Duration.ofSeconds(1))
                  .attempts(10)
                  .servers("127.0.0.1:" + silent.port, "127.0.0.1:" + server.port)));
      assertThat(found).containsExactly(at("127.0.0.1", "db.test"));
      silent.thaw();
    }
  }

  @Test
  void aServerThatIsGoneIsTold() throws Exception {
    try (DnsServer server = DnsServer.answering()) {
      server.kill();

      assertThatThrownBy(() -> refresh(Discovery.srv("_db._tcp.test", server.options())))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("_db._tcp.test: DNS server /127.0.0.1:" + server.port + ": ")
          .hasMessageEndingWith(": PortUnreachableException");
    }
  }
}

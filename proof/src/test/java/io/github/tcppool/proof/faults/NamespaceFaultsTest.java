package io.github.tcppool.proof.faults;

import static io.github.tcppool.proof.faults.FaultCase.AMPLE;
import static io.github.tcppool.proof.faults.FaultCase.poolOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CloseReason;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Received;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.proof.fleet.ChildJvm;
import io.github.tcppool.proof.fleet.Namespace;
import io.github.tcppool.proof.fleet.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows 1, 2, 11, 22 and 32 as a real network has them: a firewall, a power cut, lost packets. */
class NamespaceFaultsTest {

  private static final int PORT = 7_001;

  @RegisterExtension static final OwnNamespace OWN = new OwnNamespace();

  @RegisterExtension final FaultCase fault = new FaultCase();

  private final Namespace namespace = OWN.namespace();

  private ServerProcess server() throws IOException {
    namespace.heal();
    return fault.keep(
        ServerProcess.start(
            ServerProcess.Mode.ECHO, namespace.prefix(), namespace.address(), PORT));
  }

  // ---- 1: rejected by a firewall ----

  @ParameterizedTest
  @EnumSource
  void aFirewallThatRejectsIsLikeARefusalAndItsEndIsNoticed(Verb verb) throws Exception {
    ServerProcess server = server();
    namespace.reject();
    TcpPool pool = fault.pool(poolOf(server.hostPort()));
    Call call = fault.call(verb, pool);
    assertThat(call.ending()).isEqualTo(Ending.NOT_SENT);
    assertThat(call.failure())
        .isInstanceOf(SocketTimeoutException.class)
        .hasRootCauseInstanceOf(ConnectException.class);
    namespace.heal();
    fault.assertWorks(verb, pool);
  }

  // ---- 2: dropped by a firewall ----

  @ParameterizedTest
  @EnumSource
  void aFirewallThatDropsIsLikeNoAnswerAndItsEndIsNoticed(Verb verb) throws Exception {
    ServerProcess server = server();
    namespace.drop();
    TcpPool pool = fault.pool(poolOf(server.hostPort()));
    Call call = fault.call(verb, pool);
    assertThat(call.ending()).isEqualTo(Ending.NOT_SENT);
    assertThat(call.failure())
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("timed out");
    namespace.heal();
    fault.assertWorks(verb, pool);
  }

  // ---- 11: power loss ----

  @ParameterizedTest
  @EnumSource
  void aServerThatLosesPowerCostsTheDeadlineAndItsOldConnectionsEndAtTheFirstUse(Verb verb)
      throws Exception {
    ServerProcess server = server();
    TcpPool pool = fault.pool(poolOf(server.hostPort()));
    FaultCase.open(pool, 3);
    namespace.drop();
    Call call = fault.call(verb, pool);
    assertThat(call.ending()).isEqualTo(verb == Verb.SEND ? Ending.WRITTEN : Ending.UNKNOWN);
    server.kill(); // unseen
    server.restart();
    namespace.heal();
    if (verb == Verb.EXCHANGE) {
      CallOptions repeatable = CallOptions.within(AMPLE).idempotent();
      assertThat(fault.call(verb, pool, Message.MIN_BYTES, repeatable).ending())
          .isEqualTo(Ending.CONFIRMED);
    } else {
      awaitThrough(verb, pool, server);
    }
    pool.evict(); // what was not used since then is half-open still
    FaultCase.awaitUntil(pool, "nothing left", now -> now.total() == 0);
    fault.assertWorks(verb, pool);
  }

  /** Each old connection costs one call at most, which cannot be known to have failed. */
  private void awaitThrough(Verb verb, TcpPool pool, ServerProcess server) {
    FaultCase.awaitThat(
        "a message that arrives",
        () -> {
          fault.call(verb, pool, Message.MIN_BYTES, CallOptions.within(AMPLE));
          return messages(server) > 0;
        });
  }

  private static long messages(ServerProcess server) {
    try {
      return server.log().received().stream()
          .filter(connection -> connection.connection().contains("#2."))
          .mapToLong(connection -> connection.messages().size())
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Tag("slow") // keep-alive counts in seconds, and so does housekeeping
  void keepAliveFindsAServerThatHasLostPowerWhileNobodyCalls() throws Exception {
    ServerProcess server = server();
    TcpPool pool =
        fault.pool(
            poolOf(server.hostPort())
                .socketOption(ExtendedSocketOptions.TCP_KEEPIDLE, 1)
                .socketOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 1)
                .socketOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 2));
    FaultCase.open(pool, 2);
    namespace.drop();
    FaultCase.awaitThat(
        "keep-alive to give up; 3.1 s, and up to 5 s until housekeeping looks",
        Duration.ofSeconds(12),
        () -> pool.snapshot().total() == 0);
    assertThat(pool.snapshot().closedBy()).containsOnlyKeys(CloseReason.PEER_RESET);
    namespace.heal();
    server.kill();
    server.restart();
  }

  // ---- 22: no local port is free ----

  @ParameterizedTest
  @EnumSource
  void withoutPortsCallsFailAndSayWhyAndWorkAgainWhenThereIsOne(Verb verb) throws Exception {
    try (Namespace narrow = Namespace.open();
        ServerProcess first =
            ServerProcess.start(ServerProcess.Mode.ECHO, narrow.prefix(), "127.0.0.1", PORT);
        ServerProcess second =
            ServerProcess.start(ServerProcess.Mode.ECHO, narrow.prefix(), "127.0.0.1", PORT + 1)) {
      narrow.limitPorts(40_000, 40_009);
      try (ChildJvm child =
          ChildJvm.start(
              narrow.prefix(),
              Map.of(),
              List.of(),
              PortsMain.class,
              first.hostPort(),
              second.hostPort(),
              verb.name())) {
        assertThat(child.readToEnd()).last().isEqualTo("ok");
        assertThat(child.errors()).doesNotContain("Exception");
      }
    }
  }

  // ---- 32: lost packets ----

  @ParameterizedTest
  @EnumSource
  void lostPacketsMakeCallsSlowerAndLoseDoubleOrReorderNothing(Verb verb) throws Exception {
    ServerProcess server = server();
    TcpPool pool = fault.pool(poolOf(server.hostPort()).connections(0, 1));
    fault.assertWorks(verb, pool);
    namespace.lose(0.2);
    for (int i = 0; i < 8; i++) {
      // TCP waits twice as long before each try: after four losses in a row it is seconds.
      CallOptions patient = CallOptions.within(Duration.ofSeconds(30));
      Call call = fault.call(verb, pool, Message.MIN_BYTES, patient);
      assertThat(call.succeeded()).as("%s", call).isTrue();
    }
    namespace.heal();
    fault.assertWorks(verb, pool);
    FaultCase.awaitThat("ten messages", () -> received(server) == 10);
    for (Received connection : server.log().received()) {
      assertThat(connection.messages()).extracting(Message::id).isSorted();
    }
  }

  private static long received(ServerProcess server) {
    try {
      return server.log().messages();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.github.tcppool.proof.faults;

import static io.github.tcppool.proof.faults.FaultCase.poolOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallOptions;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Received;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.proof.fleet.ChildJvm;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Row 21, and resources of this machine that run out in other ways. */
class ExhaustionTest {

  @RegisterExtension final FaultCase fault = new FaultCase();

  // ---- descriptors ----

  @ParameterizedTest
  @EnumSource
  void withoutDescriptorsCallsFailAndSayWhyAndWorkAgainWhenThereAreSome(Verb verb)
      throws Exception {
    TcpPeer peer = fault.peer(Behaviour.echo());
    fault.serversCannotBeAsked();
    try (ChildJvm child =
        ChildJvm.startLimited(
            "-n 96", DescriptorsMain.class, "localhost:" + peer.port(), verb.name())) {
      List<String> lines = child.readToEnd();
      assertThat(child.errors()).doesNotContain("Error", "Exception in thread");
      assertThat(lines).last().isEqualTo("ok");
    }
    assertThat(Received.by(peer))
        .flatExtracting(Received::messages)
        .as("messages received; the first %d were not sent", DescriptorsMain.CALLERS)
        .hasSize(DescriptorsMain.CALLERS)
        .extracting(Message::id)
        .allMatch(id -> id > DescriptorsMain.CALLERS);
  }

  // ---- backlog ----

  @ParameterizedTest
  @EnumSource
  void aFullBacklogCostsTheDeadlineAndCallsGoOnWhenTheServerAccepts(Verb verb) throws Exception {
    TcpPeer full =
        fault.keep(
            TcpPeer.builder()
                .behaviour(Behaviour.echo())
                .frames(Message.boundary())
                .backlog(1)
                .acceptsNothing()
                .start());
    TcpPool pool =
        fault.pool(
            poolOf(full.hostPort())
                .connections(0, 6)
                .maxDials(6)
                .connectTimeout(Duration.ofMillis(500)));
    List<CompletableFuture<Call>> callers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      callers.add(
          fault.start(verb, pool, Message.MIN_BYTES, CallOptions.within(Duration.ofMillis(400))));
    }
    for (CompletableFuture<Call> started : callers) {
      Call call = FaultCase.result(started);
      assertThat(call.ending())
          .as("%s", call)
          .isIn(Ending.WRITTEN, Ending.NOT_SENT, Ending.UNKNOWN);
      if (call.failure() != null) {
        assertThat(call.failure()).isInstanceOf(SocketTimeoutException.class);
      }
    }
    full.resumeAccepting();
    fault.assertWorks(verb, pool);
  }

  // ---- memory ----

  @ParameterizedTest
  @ValueSource(strings = {"clear", "tls"})
  void lengthBombsOfEveryFramingCostAStarvedJvmNothingButTheirConnections(String flavour)
      throws Exception {
    try (ChildJvm child =
        ChildJvm.start(List.of(), Map.of(), List.of("-Xmx64m"), LengthBombsMain.class, flavour)) {
      List<String> lines = child.readToEnd();
      assertThat(child.errors()).doesNotContain("OutOfMemory");
      assertThat(lines).last().isEqualTo("ok");
    }
  }
}

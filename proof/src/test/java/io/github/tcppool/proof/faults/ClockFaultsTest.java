package io.github.tcppool.proof.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.proof.fleet.ChildJvm;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows 25 and 26: a wall clock that jumps, and a client that is frozen for a while. */
class ClockFaultsTest {

  @RegisterExtension final FaultCase fault = new FaultCase();

  private final TcpPeer peer = fault.peer(Behaviour.echo());

  @Test
  void aWallClockThatJumpsByAnHourMovesNothing(@TempDir Path temp) throws Exception {
    Path library = fakeTime();
    assumeTrue(library != null, "libfaketime is not installed (Debian package libfaketime)");
    fault.serversCannotBeAsked();
    Path offset = Files.writeString(temp.resolve("offset"), "+0");
    Map<String, String> environment =
        Map.of(
            "LD_PRELOAD",
            library.toString(),
            "FAKETIME_TIMESTAMP_FILE",
            offset.toString(),
            "FAKETIME_NO_CACHE",
            "1",
            "DONT_FAKE_MONOTONIC",
            "1");
    try (ChildJvm child =
        ChildJvm.start(List.of(), environment, List.of(), ClockMain.class, peer.hostPort())) {
      assertThat(child.readLine()).isEqualTo("idle 2");
      for (String jump : List.of("-3600", "+3600")) {
        Files.writeString(offset, jump);
        child.order("look");
        assertThat(Math.abs(Long.parseLong(child.readLine())))
            .as("seconds by which the wall clock has jumped")
            .isGreaterThan(3_000);
        child.order("look on");
        assertThat(child.readLine()).isEqualTo("idle 2");
      }
      child.order("end");
      child.readToEnd();
    }
    assertThat(peer.accepted()).as("connections that were ever made").isEqualTo(2);
  }

  private static Path fakeTime() throws IOException {
    try (Stream<Path> candidates =
        Files.find(
            Path.of("/usr/lib"), 3, (path, meta) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
      return candidates.findFirst().orElse(null);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EXCHANGE", "LEASE"})
  void aFrozenClientTakesTheReplyThatCameMeanwhileAndKeepsItsConnections(Verb verb)
      throws Exception {
    freeze(verb, Duration.ofMillis(600)); // the deadline of 500 ms is over
  }

  /** Longer than an idle connection is kept above the minimum. */
  @Tag("slow")
  @ParameterizedTest
  @EnumSource(names = {"EXCHANGE", "LEASE"})
  void aClientFrozenForTwoSecondsEvictsNothing(Verb verb) throws Exception {
    freeze(verb, Duration.ofSeconds(2));
  }

  private void freeze(Verb verb, Duration time) throws Exception {
    fault.serversCannotBeAsked();
    try (ChildJvm child =
        ChildJvm.start(
            List.of(), Map.of(), List.of(), ClockMain.class, peer.hostPort(), verb.name())) {
      assertThat(child.readLine()).isEqualTo("idle 2");
      peer.behave(Behaviour.echo().answeringAfter(Duration.ofMillis(300)));
      long before = bytesSent();
      child.order("call");
      peer.awaitFrames(1);
      child.freeze();
      FaultCase.awaitThat("the reply", () -> bytesSent() > before);
      FaultCase.passTime(time);
      child.thaw();
      assertThat(child.readLine()).isEqualTo("CONFIRMED");
      child.order("look on");
      assertThat(child.readLine()).isEqualTo("idle 2");
      child.order("end");
      child.readToEnd();
    }
    assertThat(peer.accepted()).as("connections that were ever made").isEqualTo(2);
    assertThat(peer.framesReceived()).isEqualTo(1);
  }

  private long bytesSent() {
    return peer.connections().stream().mapToLong(PeerConnection::bytesSent).sum();
  }
}

package io.github.tcppool.proof.faults;

import static io.github.tcppool.proof.faults.FaultCase.AMPLE;
import static io.github.tcppool.proof.faults.FaultCase.poolOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CloseReason;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.FrameDecoder;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Row 31: code of the user that throws, also an {@code Error}. */
class UserCodeFaultsTest {

  private static final String PLANTED = "planted";

  @RegisterExtension final FaultCase fault = new FaultCase();

  private final TcpPeer peer = fault.peer(Behaviour.echo());
  private final AtomicBoolean broken = new AtomicBoolean(true);

  @ParameterizedTest
  @EnumSource
  void aListenerThatThrowsHarmsNoCall(Verb verb) {
    TcpPool pool =
        fault.pool(
            poolOf(peer.hostPort())
                .listener(
                    event -> {
                      throw new AssertionError(PLANTED);
                    }));
    for (int i = 0; i < 3; i++) {
      peer.closeAll();
      fault.assertWorks(verb, pool);
      peer.awaitFrames(i + 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBalancerThatThrowsFailsThatCallOnly(Verb verb) {
    TcpPool pool =
        fault.pool(
            poolOf(peer.hostPort(), fault.peer(Behaviour.echo()).hostPort())
                .balancer(
                    (candidates, key) -> {
                      failIfBroken();
                      return 0;
                    }));
    assertFailsThenWorks(verb, pool);
  }

  @ParameterizedTest
  @EnumSource(names = {"SEND", "EXCHANGE"})
  void aFramingThatThrowsWhileItWritesFailsThatCallOnly(Verb verb) {
    TcpPool pool = fault.pool(poolOf(peer.hostPort()).framing(new Breaking()));
    assertFailsThenWorks(verb, pool);
    assertThat(pool.snapshot().closedBy()).containsOnlyKeys(CloseReason.OWNER_FAILED);
  }

  @ParameterizedTest
  @EnumSource
  void aConnectHookThatThrowsIsAFailedDial(Verb verb) {
    AtomicInteger failures = new AtomicInteger();
    TcpPool pool =
        fault.pool(
            poolOf(peer.hostPort())
                .onConnect(
                    (socket, endpoint) -> {
                      if (failures.getAndIncrement() < 2) {
                        throw new AssertionError(PLANTED);
                      }
                    }));
    fault.assertWorks(verb, pool);
    // A dial for which a busy machine had no time is one more.
    assertThat(pool.snapshot().endpoints().get(0).dialFailures()).isGreaterThanOrEqualTo(2);
    peer.awaitFrames(1);
  }

  private void failIfBroken() {
    if (broken.get()) {
      throw new AssertionError(PLANTED);
    }
  }

  private void assertFailsThenWorks(Verb verb, TcpPool pool) {
    assertThatThrownBy(() -> perform(verb, pool))
        .isInstanceOf(AssertionError.class)
        .hasMessage(PLANTED);
    broken.set(false);
    fault.assertWorks(verb, pool);
    peer.awaitFrames(1);
    assertThat(pool.snapshot().leased()).isZero();
  }

  private static void perform(Verb verb, TcpPool pool) throws IOException {
    CallOptions patient = CallOptions.within(AMPLE);
    byte[] payload = Message.of(Message.ASIDE, 1).payload();
    switch (verb) {
      case SEND -> pool.send(payload, patient);
      case EXCHANGE -> pool.exchange(payload, patient);
      case LEASE -> pool.lease(patient).close();
    }
  }

  /** The framing of the messages, as long as it is not broken. */
  private final class Breaking implements Framing {
    private final Framing sound = Message.framing();

    @Override
    public int maxMessageBytes() {
      return sound.maxMessageBytes();
    }

    @Override
    public int maxOverheadBytes() {
      return sound.maxOverheadBytes();
    }

    @Override
    public boolean revealsTruncation() {
      return sound.revealsTruncation();
    }

    @Override
    public void check(byte[] message, int offset, int length) {
      sound.check(message, offset, length);
    }

    @Override
    public void putHeader(byte[] message, int offset, int length, ByteBuffer out) {
      failIfBroken();
      sound.putHeader(message, offset, length, out);
    }

    @Override
    public void putTrailer(byte[] message, int offset, int length, ByteBuffer out) {
      sound.putTrailer(message, offset, length, out);
    }

    @Override
    public FrameDecoder newDecoder() {
      return sound.newDecoder();
    }
  }
}

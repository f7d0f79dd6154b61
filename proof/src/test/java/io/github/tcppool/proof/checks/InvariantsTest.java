package io.github.tcppool.proof.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.CallOptions;
import io.github.tcppool.TcpPool;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker must see each kind of violation, else the proofs prove nothing. */
class InvariantsTest {

  private static final CallOptions ONCE = CallOptions.within(Duration.ofSeconds(5));

  private final TcpPeer peer =
      TcpPeer.builder().behaviour(Behaviour.echo()).frames(Message.boundary()).start();
  private final TcpPool pool =
      TcpPool.builder(peer.hostPort()).framing(Message.framing()).connections(0, 2).build();
  private final History history = new History();

  @AfterEach
  void end() {
    pool.close();
    peer.close();
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatWorksViolatesNothing(Verb verb) {
    Call call = history.call(verb, pool, new Message(1, 7, 1_000), ONCE);
    peer.awaitFrames(1);
    assertThat(call.succeeded()).as("%s", call).isTrue();
    assertThat(violations(Received.by(peer))).isEmpty();
    assertThatCode(() -> Invariants.check(history, Received.by(peer), Duration.ZERO))
        .doesNotThrowAnyException();
  }

  @Test
  void aMessageReceivedTwiceIsSeen() {
    call(Verb.SEND, ONCE);
    assertThat(violations(List.of(brought(Message.of(1, 1)), brought(Message.of(1, 1)))))
        .singleElement()
        .asString()
        .startsWith("I3: received 2 times");
  }

  @Test
  void anIdempotentMessageMayBeReceivedTwice() {
    call(Verb.SEND, ONCE.idempotent());
    assertThat(violations(List.of(brought(Message.of(1, 1)), brought(Message.of(1, 1))))).isEmpty();
  }

  @Test
  void aConfirmedMessageThatNeverArrivedIsSeen() {
    call(Verb.EXCHANGE, ONCE);
    assertThat(violations(List.of())).singleElement().asString().startsWith("I4");
    assertThatThrownBy(() -> Invariants.check(history, List.of(), Invariants.SLACK))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1/1");
  }

  @Test
  void aWrittenMessageMayBeLost() {
    call(Verb.SEND, ONCE);
    assertThat(violations(List.of())).isEmpty();
  }

  @Test
  void aMessageThatArrivedThoughItWasNotSentIsSeen() {
    pool.close();
    assertThat(call(Verb.SEND, ONCE).ending()).isEqualTo(Ending.NOT_SENT);
    assertThat(violations(List.of(brought(Message.of(1, 1)))))
        .singleElement()
        .asString()
        .startsWith("I3: received all the same");
  }

  @Test
  void aMessageThatNobodySentIsSeen() {
    assertThat(violations(List.of(brought(Message.of(9, 9)))))
        .singleElement()
        .asString()
        .startsWith("I3: received, though nobody sent it");
  }

  @Test
  void aReplyToSomethingElseIsSeen() {
    peer.behave(Behaviour.replies(request -> Message.of(2, 2).frame()));
    call(Verb.EXCHANGE, ONCE);
    assertThat(violations(Received.by(peer))).singleElement().asString().startsWith("I8");
  }

  @Test
  void aCallThatEndsTooLateIsSeen() {
    peer.behave(Behaviour.silent());
    call(Verb.EXCHANGE, CallOptions.within(Duration.ofMillis(30)));
    assertThat(Invariants.violations(history, Received.by(peer), Duration.ofMillis(-30)))
        .singleElement()
        .asString()
        .startsWith("I1: had");
  }

  @Test
  void whatNoCallMayThrowIsSeen() {
    TcpPool broken =
        TcpPool.builder(peer.hostPort(), "127.0.0.1:1")
            .framing(Message.framing())
            .balancer(
                (candidates, key) -> {
                  throw new IllegalStateException("planted");
                })
            .build();
    assertThat(history.call(Verb.SEND, broken, Message.of(1, 1), ONCE).ending())
        .isEqualTo(Ending.CRASHED);
    broken.close();
    assertThat(violations(List.of()))
        .singleElement()
        .asString()
        .startsWith("I1: ended by what no call may throw");
  }

  @Test
  void mixedAndTornBytesAreToldFromWholeMessages() {
    MessageStream stream = new MessageStream();
    byte[] frame = new Message(1, 1, 100).frame();
    stream.feed(frame, 0, 50, message -> {});
    assertThat(stream.tornBytes()).isEqualTo(50);
    stream.feed(frame, 0, 54, message -> {});
    assertThat(stream.corruption())
        .isEqualTo("the checksum of a message of 100 bytes does not fit");
    assertThat(violations(List.of(new Received("x", List.of(), 0, stream.corruption()))))
        .singleElement()
        .asString()
        .startsWith("I2");
  }

  @Test
  void messagesAreReadHoweverTheyAreCut() {
    byte[] frame = new Message(3, 4, 1_000).frame();
    MessageStream stream = new MessageStream();
    List<Message> seen = new ArrayList<>();
    for (byte single : frame) {
      stream.feed(new byte[] {single}, 0, 1, seen::add);
    }
    assertThat(seen).containsExactly(new Message(3, 4, 1_000));
    assertThat(stream.tornBytes()).isZero();
  }

  private Call call(Verb verb, CallOptions options) {
    return history.call(verb, pool, Message.of(1, 1), options);
  }

  private List<String> violations(List<Received> received) {
    return Invariants.violations(history, received, Invariants.SLACK);
  }

  private static Received brought(Message message) {
    return new Received("test", List.of(message), 0, null);
  }
}

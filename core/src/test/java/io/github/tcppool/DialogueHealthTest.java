package io.github.tcppool;

import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What conversations and leases say of the health of their endpoint. */
class DialogueHealthTest {

  private static final int ENOUGH = 5;

  @RegisterExtension final Bench bench = new Bench();

  /** A pool of which the first endpoint is this one, and the second one is well. */
  private TcpPool poolOf(Behaviour first) {
    TcpPeer bad = bench.peer(first);
    TcpPeer good = bench.peer(Behaviour.echo());
    return bench.pool(
        linesTo(bad.hostPort(), good.hostPort())
            .connections(0, 4)
            .health(HealthPolicy.defaults().failuresInRow(ENOUGH).slowStart(Duration.ZERO)));
  }

  private static Behaviour answersAByteThen(Behaviour last) {
    return Behaviour.echo().afterBytes(1, last);
  }

  private static HealthSnapshot health(TcpPool pool) {
    return pool.snapshot().endpoints().get(0).health();
  }

  /** One byte out, one in, and then the conversation waits for another one. */
  private static final Conversation<Integer> TWO_ANSWERS =
      (in, out) -> {
        out.write(1);
        if (in.read() < 0) {
          throw new IOException("no answer");
        }
        out.write(2);
        int second = in.read();
        if (second < 0) {
          throw new IOException("no second answer");
        }
        return second;
      };

  /** Until enough conversations have failed; as many more as go to the other endpoint. */
  private static void talk(TcpPool pool, Conversation<?> conversation, CallOptions call) {
    int failed = 0;
    for (int i = 0; i < 1000 && failed < ENOUGH; i++) {
      try {
        pool.exchange(conversation, call);
      } catch (IOException | IllegalStateException | UncheckedIOException e) {
        failed++;
      }
    }
    assertThat(failed).as("conversations that failed").isEqualTo(ENOUGH);
  }

  // ---- conversations ----

  @Test
  void anEndpointThatResetsEveryConversationIsEjected() {
    TcpPool pool = poolOf(answersAByteThen(Behaviour.reset()));
    talk(pool, TWO_ANSWERS, CallOptions.defaults());
    assertThat(health(pool).state()).isEqualTo(EndpointHealth.EJECTED);
    assertThat(health(pool).reason()).startsWith("5 calls in a row failed: ");
  }

  @Test
  void anEndpointThatClosesOrStaysSilentWithinConversationsIsEjected() {
    TcpPool closes = poolOf(answersAByteThen(Behaviour.close()));
    talk(closes, TWO_ANSWERS, CallOptions.defaults());
    assertThat(health(closes).state()).isEqualTo(EndpointHealth.EJECTED);
    TcpPool silent = poolOf(answersAByteThen(Behaviour.silent()));
    talk(silent, TWO_ANSWERS, within(100));
    assertThat(health(silent).state()).isEqualTo(EndpointHealth.EJECTED);
    assertThat(silent.snapshot().endpoints().get(0).roundTrip())
        .as("as slow as it was waited for")
        .isGreaterThanOrEqualTo(Duration.ofMillis(50));
  }

  @Test
  void aFailureInAnotherExceptionCountsAsWell() {
    TcpPool pool = poolOf(answersAByteThen(Behaviour.reset()));
    Conversation<Integer> wraps =
        (in, out) -> {
          try {
            return TWO_ANSWERS.converse(in, out);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    talk(pool, wraps, CallOptions.defaults());
    assertThat(health(pool).state()).isEqualTo(EndpointHealth.EJECTED);
  }

  @Test
  void whatTheUsersCodeFindsFaultWithDoesNotCount() {
    TcpPool pool = poolOf(Behaviour.echo());
    Conversation<Integer> fails =
        (in, out) -> {
          out.write(1);
          int unused = in.read();
          throw new IllegalStateException("of the user's");
        };
    talk(pool, fails, CallOptions.defaults());
    Conversation<Integer> refuses =
        (in, out) -> {
          throw new SocketTimeoutException("of the user's, too");
        };
    talk(pool, refuses, CallOptions.defaults());
    assertThat(health(pool).failedCalls()).isZero();
  }

  @Test
  void aConversationThatEndsWithItsStreamIsAGoodCall() throws Exception {
    TcpPool single =
        bench.pool(linesTo(bench.peer(answersAByteThen(Behaviour.close())).hostPort()));
    talk(single, TWO_ANSWERS, CallOptions.defaults());
    assertThat(health(single).failuresInRow()).isPositive();
    String all =
        single.exchange(
            (in, out) -> {
              out.write('x');
              return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            },
            CallOptions.defaults());
    assertThat(all).isEqualTo("x");
    assertThat(health(single).failuresInRow()).isZero();
  }

  // ---- leases ----

  @Test
  void aResetWithinALeaseCountsAndATimeOutDoesNot() throws Exception {
    TcpPool resets = poolOf(answersAByteThen(Behaviour.reset()));
    TcpPool silent = poolOf(answersAByteThen(Behaviour.silent()));
    leaseUntilEnoughFail(resets, Duration.ofSeconds(5));
    leaseUntilEnoughFail(silent, Duration.ofMillis(100));
    assertThat(health(resets).state()).isEqualTo(EndpointHealth.EJECTED);
    assertThat(health(silent).failedCalls()).isZero();
  }

  private static void leaseUntilEnoughFail(TcpPool pool, Duration patience) throws IOException {
    int failed = 0;
    for (int i = 0; i < 1000 && failed < ENOUGH; i++) {
      PooledSocket socket = pool.lease();
      try {
        socket.setSoTimeout((int) patience.toMillis());
        int unused = TWO_ANSWERS.converse(socket.getInputStream(), socket.getOutputStream());
      } catch (IOException e) {
        failed++;
      } finally {
        socket.close();
      }
    }
    assertThat(failed).as("leases that failed").isEqualTo(ENOUGH);
  }

  @Test
  void aLeaseThatIsOnlyTakenAndReturnedEndsNoRowOfFailures() throws Exception {
    TcpPool pool =
        bench.pool(
            linesTo(
                bench
                    .peer(Behaviour.inTurn(answersAByteThen(Behaviour.reset()), Behaviour.echo()))
                    .hostPort()));
    assertThatThrownBy(() -> pool.exchange(TWO_ANSWERS, CallOptions.defaults()))
        .isInstanceOf(IOException.class);
    assertThat(health(pool).failuresInRow()).isEqualTo(1);
    pool.lease().close();
    assertThat(health(pool).failuresInRow()).isEqualTo(1);
    try (PooledSocket socket = pool.lease()) {
      socket.getOutputStream().write(1);
      assertThat(socket.getInputStream().read()).isEqualTo(1);
    }
    assertThat(health(pool).failuresInRow()).isZero();
  }
}

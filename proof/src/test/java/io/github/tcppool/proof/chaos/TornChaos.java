package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallOptions;
import io.github.tcppool.ReplyFailedException;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Scenarios 6 to 8: servers that end a connection in the middle of a message or before a reply. */
abstract class TornChaos extends Chaos {

  private static final int SMALL_BUFFER = 8 << 10;

  /** What may still be in buffers on the way when the peer ends a connection. */
  private static final int ON_THE_WAY = 128 << 10;

  private final AtomicInteger count = new AtomicInteger();

  TornChaos(Scale scale) {
    super(scale);
  }

  @Test
  void everyFifthLargeMessageIsResetInTheMiddle() throws Exception {
    int size = scale.of(512 << 10, Message.MAX_BYTES);
    int turns = scale.of(10, 100);
    Random random = Seed.random("6 reset within a message");
    int[] cuts = random.ints(1_000, 1, size - ON_THE_WAY).toArray();
    Behaviour cutting =
        connection -> {
          while (true) {
            int turn = count.incrementAndGet();
            if (turn % 5 == 0) {
              connection.readExactly(Message.HEADER_BYTES + cuts[turn % cuts.length]);
              connection.reset();
              return;
            }
            ByteBuffer header = ByteBuffer.wrap(connection.readExactly(Message.HEADER_BYTES));
            connection.readExactly(header.getInt());
          }
        };
    TcpPeer peer = cuttingPeer(cutting);
    TcpPool pool =
        pool(
            builder(peer.hostPort())
                .callTimeout(Duration.ofSeconds(20))
                .writeTimeout(Duration.ofSeconds(20))
                .socketOption(StandardSocketOptions.SO_SNDBUF, SMALL_BUFFER));
    Load load =
        start(
            8,
            turns,
            Duration.ZERO,
            (caller, turn) -> call(Verb.SEND, pool, caller, size, CallOptions.defaults()));
    load.finish(Duration.ofSeconds(60));

    peer.awaitFrames(8L * turns); // all arrive; the invariants say: none of them twice
    tell("6 reset within a message", calls(), "resent " + pool.snapshot().resent());
    assertThat(calls().failed()).isEmpty();
    assertThat(pool.snapshot().resent()).as("torn and sent again").isGreaterThan(turns);
  }

  private TcpPeer cuttingPeer(Behaviour cutting) {
    return peer(TcpPeer.builder().receiveBuffer(SMALL_BUFFER).behaviour(cutting));
  }

  @Test
  void everyTenthRequestIsAnsweredByAReset() throws Exception {
    Set<Message> cut = ConcurrentHashMap.newKeySet();
    Behaviour resetting =
        connection -> {
          for (byte[] frame; (frame = connection.readFrame()) != null; ) {
            if (count.incrementAndGet() % 10 == 0) {
              cut.add(message(frame));
              connection.reset();
              return;
            }
            connection.send(frame);
          }
        };
    exchangeWith(resetting);

    tell("7 reset before the reply", calls(), "cut " + cut.size());
    assertExactlyTheCutOnesFailed(cut);
  }

  @Test
  void everyTenthReplyEndsInTheMiddle() throws Exception {
    Map<Message, Long> cut = new ConcurrentHashMap<>();
    Behaviour ending =
        connection -> {
          for (byte[] frame; (frame = connection.readFrame()) != null; ) {
            if (count.incrementAndGet() % 10 == 0) {
              sendHalf(connection, frame);
              cut.put(message(frame), System.nanoTime());
              connection.close();
              return;
            }
            connection.send(frame);
          }
        };
    exchangeWith(ending);

    Duration slowest = Duration.ZERO;
    for (Call failed : calls().failed()) {
      Duration after = Duration.ofNanos(failed.endedNanos() - cut.get(failed.message()));
      slowest = after.compareTo(slowest) > 0 ? after : slowest;
      assertThat(failed.failure())
          .isInstanceOf(ReplyFailedException.class)
          .hasStackTraceContaining("stream ended within a frame");
    }
    tell("8 half a reply", calls(), "cut " + cut.size(), "slowest notice " + slowest);
    assertExactlyTheCutOnesFailed(cut.keySet());
    assertThat(slowest).isLessThan(scale.limit(100));
  }

  private static void sendHalf(PeerConnection connection, byte[] frame) throws IOException {
    byte[] half = new byte[frame.length / 2];
    System.arraycopy(frame, 0, half, 0, half.length);
    connection.send(half);
  }

  private void exchangeWith(Behaviour behaviour) throws Exception {
    TcpPeer peer = peer(behaviour);
    TcpPool pool = pool(builder(peer.hostPort()).connections(0, 16));
    Load load =
        start(
            16,
            scale.of(50, 500),
            Duration.ofMillis(1),
            (caller, turn) -> call(Verb.EXCHANGE, pool, caller));
    load.finish(Duration.ofSeconds(60));
  }

  private static Message message(byte[] frame) throws IOException {
    int header = Message.HEADER_BYTES;
    return Message.parse(frame, header, frame.length - header);
  }

  private void assertExactlyTheCutOnesFailed(Set<Message> cut) {
    assertThat(cut).isNotEmpty();
    assertThat(calls().failed()).allMatch(call -> call.ending() == Ending.UNKNOWN);
    Set<Message> failed =
        calls().failed().stream().map(Call::message).collect(Collectors.toCollection(HashSet::new));
    assertThat(failed).isEqualTo(new HashSet<>(cut));
  }
}

package io.github.tcppool.proof.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.tcppool.CallOptions;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.proof.checks.RunKey;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import io.github.tcppool.testkit.TcpPeerBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * In a JVM with little memory: peers that announce, or begin to send, far more than there is room
 * for, in every framing, in clear or with "tls" as the argument. Each must fail the exchange by an
 * {@code IOException}, at once and without the bytes. Prints {@code ok} in the end.
 */
final class LengthBombsMain {

  private static final int LIMIT = 1 << 20;
  private static final byte[] REQUEST = {'x'};

  /** Through TLS each round costs a handshake. */
  private final int rounds;

  private final boolean tls;

  private LengthBombsMain(boolean tls) {
    this.tls = tls;
    rounds = tls ? 6 : 60;
  }

  /** What is sent as the reply, and whether it never ends. */
  private static final class Bomb {
    private final Framing framing;
    private final byte[] reply;
    private final boolean endless;

    private Bomb(Framing framing, byte[] reply, boolean endless) {
      this.framing = framing;
      this.reply = reply;
      this.endless = endless;
    }
  }

  private static Map<String, Bomb> bombs() {
    Map<String, Bomb> bombs = new LinkedHashMap<>();
    byte[] filling = "y".repeat(64 << 10).getBytes(US_ASCII);
    bombs.put("lines", new Bomb(Framing.lines(), filling, true));
    bombs.put("delimiter", new Bomb(Framing.delimiter((byte) 1), filling, true));
    bombs.put("length 4", new Bomb(Framing.lengthPrefix(4), bytes(4, Integer.MAX_VALUE), false));
    bombs.put("length 4, negative", new Bomb(Framing.lengthPrefix(4), bytes(4, -1), false));
    bombs.put("length 8", new Bomb(Framing.lengthPrefix(8), bytes(8, Long.MAX_VALUE), false));
    bombs.put("length 8, negative", new Bomb(Framing.lengthPrefix(8), bytes(8, -1), false));
    byte[] continued = new byte[64 << 10];
    Arrays.fill(continued, (byte) 0xff);
    bombs.put("varint", new Bomb(Framing.varint(), continued, true));
    bombs.put("netstring", new Bomb(Framing.netstring(), "999999999:".getBytes(US_ASCII), false));
    bombs.put(
        "netstring, digits",
        new Bomb(Framing.netstring(), "1".repeat(99).getBytes(US_ASCII), true));
    return bombs;
  }

  private static byte[] bytes(int count, long value) {
    ByteBuffer buffer = ByteBuffer.allocate(16).putLong(value << (64 - 8 * count));
    return Arrays.copyOf(buffer.array(), count + 4);
  }

  public static void main(String[] args) throws Exception {
    LengthBombsMain main = new LengthBombsMain(args.length > 0 && args[0].equals("tls"));
    for (Map.Entry<String, Bomb> each : bombs().entrySet()) {
      main.explode(each.getKey(), each.getValue());
    }
    main.announceWhatFitsAndNeverSendIt();
    System.out.println("ok");
  }

  private TcpPeer peer(Behaviour behaviour) {
    TcpPeerBuilder builder = TcpPeer.builder().behaviour(behaviour);
    return (tls ? builder.tls(RunKey.server()) : builder).start();
  }

  private TcpPool.Builder poolTo(TcpPeer peer) {
    TcpPool.Builder builder = TcpPool.builder(peer.hostPort());
    return tls ? builder.tls(RunKey.client()) : builder;
  }

  private void explode(String name, Bomb bomb) throws IOException {
    Behaviour throwing =
        connection -> {
          connection.readExactly(1);
          do {
            connection.send(bomb.reply);
          } while (bomb.endless);
        };
    try (TcpPeer peer = peer(throwing);
        TcpPool pool = poolTo(peer).framing(bomb.framing).build()) {
      for (int round = 0; round < rounds; round++) {
        long start = System.nanoTime();
        fail(name, pool);
        long millis = (System.nanoTime() - start) / 1_000_000;
        require(millis < 2_000, name + " took " + millis + " ms");
      }
      long read = pool.snapshot().endpoints().get(0).bytesRead() / rounds;
      require(read <= LIMIT + (128 << 10), name + " was read for " + read + " bytes");
    }
  }

  private static void fail(String name, TcpPool pool) {
    try {
      byte[] reply = pool.exchange(REQUEST, CallOptions.within(Duration.ofSeconds(10)));
      require(false, name + " brought a reply of " + reply.length + " bytes");
    } catch (IOException e) {
      require(e.getMessage() != null, name + " failed without a message");
    }
  }

  /** A length within the limit takes no memory before its bytes come. */
  private void announceWhatFitsAndNeverSendIt() throws Exception {
    byte[] announced = ByteBuffer.allocate(4).putInt(LIMIT).array();
    Behaviour announcing =
        connection -> {
          connection.readExactly(1);
          connection.send(announced);
          connection.readExactly(1);
        };
    int callers = 150;
    try (TcpPeer peer = peer(announcing);
        TcpPool pool =
            poolTo(peer).framing(Framing.lengthPrefix(4)).connections(0, callers).build()) {
      Thread[] threads = new Thread[callers];
      for (int i = 0; i < callers; i++) {
        threads[i] = new Thread(() -> exchangeInVain(pool));
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void exchangeInVain(TcpPool pool) {
    try {
      byte[] reply = pool.exchange(REQUEST, CallOptions.within(Duration.ofSeconds(1)));
      require(false, "an announced reply came with " + reply.length + " bytes");
    } catch (IOException e) {
      // the deadline
    }
  }

  private static void require(boolean fact, String failure) {
    if (!fact) {
      System.out.println(failure);
      Runtime.getRuntime().halt(1);
    }
  }
}

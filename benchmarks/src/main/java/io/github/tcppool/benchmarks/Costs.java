package io.github.tcppool.benchmarks;

import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the steps of a call cost, one by one, from one thread: batches of a few hundred, all steps
 * in turn, again and again, so that all of them see the same machine. The figure is the lower
 * quartile of the batches: what a step costs while nobody else has the processor.
 */
final class Costs implements AutoCloseable {

  private static final int CONNECTIONS = 10;
  private static final int BATCH = 200;

  /** So many rounds are left out, in which the JVM still compiles. */
  private static final int WARM_UPS = 150;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<String, Contender.Operation> steps = new LinkedHashMap<>();
  private final byte[] message = Contender.message(Contender.MESSAGE_BYTES);
  private final ByteBuffer direct = ByteBuffer.allocateDirect(Contender.MESSAGE_BYTES);

  /** Where results go, so that no step is found to be without effect. */
  private long sum;

  private int turn;

  Costs(ServerProcess sink, ServerProcess echo) throws IOException {
    steps.put("clock: `System.nanoTime`", () -> sum += System.nanoTime());
    EngineBenchmark engine = new EngineBenchmark();
    steps.put("engine: acquire and release, order of `lease`", engine::lastUsed);
    steps.put("engine: acquire and release, order of `send`", engine::rotate);
    steps.put("copy: 64 B into a direct buffer", () -> direct.clear().put(message).flip());
    SocketChannel[] channels = channels(sink.port());
    check(channels);
    write(channels);
    send(sink.port());
    exchange(echo.port());
    TcpPool leasing = keep(PoolContender.open(sink.port(), CONNECTIONS, Framing.none()));
    steps.put("**`lease` and return**", () -> leasing.lease().close());
  }

  private <T extends AutoCloseable> T keep(T opened) {
    open.add(opened);
    return opened;
  }

  private SocketChannel[] channels(int port) throws IOException {
    SocketChannel[] channels = new SocketChannel[CONNECTIONS];
    for (int i = 0; i < channels.length; i++) {
      channels[i] = connect(port);
      channels[i].configureBlocking(false);
    }
    return channels;
  }

  private SocketChannel connect(int port) throws IOException {
    SocketChannel channel =
        keep(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  private void check(SocketChannel[] channels) throws IOException {
    ByteBuffer in = ByteBuffer.allocateDirect(Contender.MESSAGE_BYTES);
    steps.put("check: `read` that finds nothing", () -> sum += channels[next()].read(in.clear()));
    Selector selector = keep(Selector.open());
    for (SocketChannel channel : channels) {
      channel.register(selector, SelectionKey.OP_READ);
    }
    steps.put(
        "check: one look at all 10 by `selectNow`, a tenth of it",
        () -> {
          if (next() == 0) {
            sum += selector.selectNow(key -> {});
          }
        });
  }

  private void write(SocketChannel[] channels) {
    steps.put(
        "kernel: `write` of 64 B from a direct buffer, bare channels in turn",
        () -> sum += channels[next()].write(direct.clear()));
  }

  private int next() {
    turn = turn + 1 < CONNECTIONS ? turn + 1 : 0;
    return turn;
  }

  private void send(int port) throws IOException {
    steps.put(
        "raw `Socket`s in turn",
        keep(RawContender.sending(port, CONNECTIONS, message.length)).operation(0));
    TcpPool pool = keep(PoolContender.open(port, CONNECTIONS, Framing.none()));
    steps.put("**`send`**", () -> pool.send(message));
  }

  private void exchange(int port) throws IOException {
    SocketChannel blocking = connect(port);
    ByteBuffer in = ByteBuffer.allocateDirect(Contender.MESSAGE_BYTES);
    steps.put(
        "kernel: `write`, blocking `read`, bare channel",
        () -> {
          blocking.write(direct.clear());
          in.clear();
          while (in.hasRemaining()) {
            sum += blocking.read(in);
          }
        });
    SocketChannel waiting = connect(port);
    waiting.configureBlocking(false);
    Selector selector = keep(Selector.open());
    waiting.register(selector, SelectionKey.OP_READ);
    steps.put(
        "kernel: `write`, `select`, `read`, bare channel",
        () -> {
          waiting.write(direct.clear());
          in.clear();
          while (in.hasRemaining()) {
            selector.select(key -> {});
            sum += waiting.read(in);
          }
        });
    steps.put(
        "raw held `Socket`", keep(RawContender.exchanging(port, 1, message.length)).operation(0));
    TcpPool pool = keep(PoolContender.open(port, 1, Framing.fixed(Contender.MESSAGE_BYTES)));
    steps.put("**`exchange`**", () -> sum += pool.exchange(message).length);
  }

  /** Nanoseconds of each step. */
  Map<String, Double> measure(int rounds) throws IOException {
    Map<String, double[]> nanos = new LinkedHashMap<>();
    steps.keySet().forEach(step -> nanos.put(step, new double[rounds]));
    for (int round = -WARM_UPS; round < rounds; round++) {
      for (Map.Entry<String, Contender.Operation> step : steps.entrySet()) {
        double one = batch(step.getValue());
        double[] all = nanos.get(step.getKey());
        if (round >= 0 && all != null) {
          all[round] = one;
        }
      }
    }
    Map<String, Double> quartiles = new LinkedHashMap<>();
    nanos.forEach((step, all) -> quartiles.put(step, lowerQuartile(all)));
    return quartiles;
  }

  private static double batch(Contender.Operation step) throws IOException {
    long begun = System.nanoTime();
    for (int i = 0; i < BATCH; i++) {
      step.perform();
    }
    return (System.nanoTime() - begun) / (double) BATCH;
  }

  private static double lowerQuartile(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 4];
  }

  @Override
  public void close() throws IOException {
    if (sum == 42) {
      System.err.println();
    }
    for (AutoCloseable one : open) {
      try {
        one.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}

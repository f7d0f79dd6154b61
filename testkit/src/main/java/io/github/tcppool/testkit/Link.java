package io.github.tcppool.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection through a proxy: the client's side, the server's side, and two pumps between. */
final class Link {
  private static final int DIAL_MILLIS = 5_000;
  private static final int SWALLOWED_BYTES = 4 << 10;

  private final int number;
  private final Wire client;
  private final boolean served;
  private final Consumer<Link> onEnd;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final AtomicInteger pumping = new AtomicInteger(2);
  private volatile @Nullable Wire server;
  private volatile @Nullable Pump up;
  private volatile @Nullable Pump down;

  /**
   * @param served whether there is a server for it, or only a hole
   * @param onEnd called once, when the client's side has been closed
   */
  Link(int number, Wire client, boolean served, Consumer<Link> onEnd) {
    this.number = number;
    this.client = client;
    this.served = served;
    this.onEnd = onEnd;
  }

  boolean isServed() {
    return served;
  }

  /** Serves the connection to its end. */
  void run(FaultProxy.Route route) {
    try {
      if (served) {
        connect(route);
      } else {
        swallow(route.upstream());
      }
    } catch (IOException e) {
      end(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(true);
    }
  }

  /** Dials the server, starts the second thread, and carries the client's bytes on the first. */
  private void connect(FaultProxy.Route route) throws IOException {
    Wire other = new Wire(route.loop(), dial(route.target()));
    server = other;
    if (!client.isOpen()) {
      other.close(true);
      other.flush();
      return;
    }
    Pump upstream = new Pump(route.upstream(), client, other, route.seed() + 2L * number);
    Pump downstream = new Pump(route.downstream(), other, client, route.seed() + 2L * number + 1);
    up = upstream;
    down = downstream;
    route.crew().start("testkit-proxy-" + number + "-down", () -> pump(downstream));
    pump(upstream);
  }

  /** Takes what comes and answers nothing, not even the FIN: only {@link #end} ends it. */
  private void swallow(OneWay way) throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocate(SWALLOWED_BYTES);
    client.lock.lock();
    try {
      while (client.isOpen()) {
        int read = client.tryRead(buffer.clear());
        if (read < 0) {
          return;
        }
        way.countRead(read);
        if (read == 0) {
          client.awaitReadable(Long.MAX_VALUE);
        }
      }
    } finally {
      client.lock.unlock();
    }
  }

  private static SocketChannel dial(InetSocketAddress target) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.socket().connect(target, DIAL_MILLIS);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void pump(Pump pump) {
    try {
      Pump.Step end = pump.run();
      if (end != Pump.Step.FINISH || pumping.decrementAndGet() == 0) {
        end(end == Pump.Step.RESET);
      }
    } catch (IOException e) {
      end(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(true);
    }
  }

  /** Closes both sides, with a FIN or a RST; the first call decides which. Does not flush. */
  void end(boolean reset) {
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    client.close(reset);
    Wire other = server;
    if (other != null) {
      other.close(reset);
    }
    onEnd.accept(this);
  }

  void withUp(Consumer<Pump> action) {
    Pump pump = up;
    if (pump != null) {
      action.accept(pump);
    }
  }

  void withDown(Consumer<Pump> action) {
    Pump pump = down;
    if (pump != null) {
      action.accept(pump);
    }
  }
}

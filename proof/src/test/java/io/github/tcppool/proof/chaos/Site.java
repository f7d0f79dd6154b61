package io.github.tcppool.proof.chaos;

import io.github.tcppool.proof.fleet.ServerProcess;
import io.github.tcppool.testkit.FaultProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One endpoint: a server process behind a proxy, what is done to it, and when it was well. */
final class Site implements AutoCloseable {

  private final ServerProcess server;
  private final FaultProxy proxy;

  /** From when to when it was harmed; the last one has no end while it still is. */
  private final List<long[]> harmed = new ArrayList<>();

  private boolean frozen;

  Site(ServerProcess server, long seed) {
    this.server = server;
    InetSocketAddress target =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    proxy = FaultProxy.builder(target).seed(seed).start();
  }

  String hostPort() {
    return proxy.hostPort();
  }

  ServerProcess server() {
    return server;
  }

  FaultProxy proxy() {
    return proxy;
  }

  boolean isHarmed() {
    return !harmed.isEmpty() && harmed.get(harmed.size() - 1)[1] == Long.MAX_VALUE;
  }

  /** Does it some harm. */
  Harm harm(Random random) throws IOException {
    Harm harm = Harm.any(random);
    harmed.add(new long[] {System.nanoTime(), Long.MAX_VALUE});
    harm.befall(this, random);
    return harm;
  }

  void freeze() throws IOException {
    server.freeze();
    frozen = true;
  }

  /** Makes good what was done to it. */
  void heal() throws IOException {
    if (!isHarmed()) {
      return;
    }
    if (frozen) {
      server.thaw();
      frozen = false;
    }
    if (!server.isAlive()) {
      server.restart();
    }
    proxy.heal();
    harmed.get(harmed.size() - 1)[1] = System.nanoTime();
  }

  /** Whether nothing was wrong with it in all of this span. */
  boolean wasWell(long from, long to) {
    return harmed.stream().noneMatch(span -> span[0] - to <= 0 && isAfter(span[1], from));
  }

  private static boolean isAfter(long end, long from) {
    return end == Long.MAX_VALUE || end - from >= 0;
  }

  /** Forgets when it was harmed. */
  void forget() {
    harmed.clear();
  }

  @Override
  public void close() {
    proxy.close();
  }
}

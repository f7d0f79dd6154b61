package io.github.tcppool.cli.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.tcppool.CallOptions;
import io.github.tcppool.EndpointHealth;
import io.github.tcppool.TcpPool;
import io.github.tcppool.cli.terminal.StopRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** One act while it is played: threads that send, one that brings the fault, and who watches. */
final class Act {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration STALL = Duration.ofMillis(60);

  /** How long an act may take beyond its time, in case something does not work at all. */
  private static final Duration LATEST_END = Duration.ofSeconds(10);

  /** How long nothing must arrive until everything has arrived. */
  private static final Duration QUIET = Duration.ofMillis(200);

  private final Script script;
  private final Pace pace;
  private final TcpPool pool;
  private final List<Server> servers;
  private final HealthNews news;
  private final Screen screen;
  private final StopRequest stop;

  private final int planned;
  private final long receivedBefore;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger handedOver = new AtomicInteger();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong firstFailureShown = new AtomicLong();
  private final CountDownLatch ended;
  private long startNanos;

  Act(
      Script script,
      Pace pace,
      TcpPool pool,
      List<Server> servers,
      HealthNews news,
      Screen screen,
      StopRequest stop) {
    this.script = script;
    this.pace = pace;
    this.pool = pool;
    this.servers = servers;
    this.news = news;
    this.screen = screen;
    this.stop = stop;
    planned = (int) (script.perSecond() * pace.act().toMillis() / 1_000);
    receivedBefore = received();
    ended = new CountDownLatch(script.threads() + 1);
  }

  /** Plays the act and returns its account. */
  Account play() throws InterruptedException {
    startNanos = System.nanoTime();
    news.tellTo(what -> screen.event(script, elapsed(), what));
    start("tcp-pool-demo-fault", this::bringFault);
    for (int i = 1; i <= script.threads(); i++) {
      start("tcp-pool-demo-sender-" + i, this::sendAll);
    }
    while (!ended.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
      show();
    }
    settle();
    show();
    return Account.of(script, handedOver.get(), failed.get(), servers);
  }

  private void start(String name, Runnable task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } finally {
                ended.countDown();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private void sendAll() {
    long intervalNanos = TimeUnit.SECONDS.toNanos(1) / script.perSecond();
    for (int number; (number = next.getAndIncrement()) < planned && !isOver(); ) {
      waitUntil(number * intervalNanos);
      handedOver.incrementAndGet();
      try {
        send(new Server.Message(script.number(), number, script.replies()));
      } catch (IOException e) {
        failed.incrementAndGet();
        if (firstFailureShown.getAndIncrement() == 0) {
          screen.event(script, elapsed(), "a call failed: " + e.getMessage());
        }
      }
    }
  }

  private void send(Server.Message message) throws IOException {
    if (!message.wantsReply()) {
      pool.send(message.line());
      return;
    }
    byte[] reply = pool.exchange(message.line(), CallOptions.defaults().idempotent());
    String text = new String(reply, US_ASCII);
    if (!text.equals("ok " + message.number())) {
      throw new IOException("the reply to " + message.number() + " was \"" + text + "\"");
    }
  }

  private boolean isOver() {
    return stop.isRequested() || elapsed().compareTo(pace.act().plus(LATEST_END)) > 0;
  }

  private void waitUntil(long dueNanos) {
    for (long left; (left = startNanos + dueNanos - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
  }

  private void bringFault() {
    Server victim = servers.get(script.victim(servers.size()));
    try {
      if (stop.await(pace.faultAt())) {
        return;
      }
      switch (script.fault()) {
        case RESTART -> {
          tell(victim, "stops in an orderly way");
          victim.stop();
        }
        case KILL -> {
          victim.kill();
          tell(victim, "was killed");
        }
        case BREAK -> {
          victim.breakDown();
          tell(victim, "resets whoever asks");
        }
        case STALL_AND_KILL -> {
          victim.stall();
          stop.await(STALL);
          victim.kill();
          tell(victim, "was killed, " + STALL.toMillis() + " ms after it had stopped reading");
        }
      }
      stop.await(pace.outage());
      if (script.fault() == Fault.BREAK) {
        awaitEjected(victim, true);
        victim.mend();
        tell(victim, "answers again");
        awaitEjected(victim, false);
      } else {
        victim.restart();
        tell(victim, "is back");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** However slow this machine is, the act does not end before the pool has noticed. */
  private void awaitEjected(Server server, boolean ejected) throws InterruptedException {
    while (!isOver() && isEjected(server) != ejected) {
      stop.await(TICK);
    }
  }

  private boolean isEjected(Server server) {
    return pool.snapshot().endpoints().stream()
        .filter(endpoint -> endpoint.endpoint().toString().equals(server.hostPort()))
        .anyMatch(endpoint -> endpoint.health().state() == EndpointHealth.EJECTED);
  }

  private void tell(Server server, String what) {
    screen.event(script, elapsed(), "server " + server.name() + " " + what);
  }

  /** Waits until the servers have read what is on its way; what is lost never comes. */
  private void settle() throws InterruptedException {
    long last = -1;
    for (int i = 0; i < 25 && received() != last; i++) {
      last = received();
      if (last - receivedBefore == handedOver.get() && !script.replies()) {
        return;
      }
      TimeUnit.NANOSECONDS.sleep(QUIET.toNanos());
    }
  }

  private void show() {
    screen.show(
        new Screen.Progress(
            script, elapsed(), handedOver.get(), received() - receivedBefore, failed.get()),
        pool.snapshot());
  }

  private long received() {
    return servers.stream().mapToLong(Server::received).sum();
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}

package io.github.tcppool.internal.engine;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.CloseReason;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.Endpoint;
import io.github.tcppool.EndpointHealth;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.PoolExhaustedException;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.balance.Balancer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The life of one engine: anything in any order, by one thread and by its own clock, so that a seed
 * tells it all. The books are looked at after every operation.
 */
final class RandomRun {

  /** A lease, or half of one. */
  record Held(FakeConnection connection, Use use) {}

  private static final int REMEMBERED = 40;

  final SplittableRandom random;
  final RandomNet net;
  final Engine<FakeConnection> engine;
  private final RandomEndpoints endpoints;
  final List<RandomCaller> callers = new ArrayList<>();
  final List<Held> held = new ArrayList<>();
  final List<FakeConnection> read = new ArrayList<>();
  final Deque<String> last = new ArrayDeque<>();
  long now = TimeUnit.HOURS.toNanos(1);
  long timerNanos;
  boolean rung = true;
  boolean shut;
  long timeouts;
  long openedEvents;
  long closedEvents;

  /** The states of health in which endpoints came to be. */
  final Set<EndpointHealth> states = EnumSet.noneOf(EndpointHealth.class);

  private final RandomBooks books;
  private final boolean receives;
  private Parker parker = new NoParker();

  RandomRun(SplittableRandom random) {
    this.random = random;
    net = new RandomNet(random);
    endpoints = new RandomEndpoints(random);
    receives = random.nextBoolean();
    engine =
        new Engine<>(
            "random",
            endpoints.present(),
            Balancer.roundRobin(),
            RandomOptions.next(random, PoolOptions.defaults()),
            net,
            net,
            () -> now,
            random,
            () -> parker,
            this::note);
    engine.upkeep().onChange(() -> rung = true);
    books = new RandomBooks(this);
  }

  private void note(PoolEvent event) {
    if (event instanceof PoolEvent.ConnectionOpened) {
      openedEvents++;
    } else if (event instanceof PoolEvent.ConnectionClosed) {
      closedEvents++;
    } else if (event instanceof PoolEvent.HealthChanged changed) {
      did(changed.endpoint() + " is " + changed.to() + ": " + changed.reason());
      states.add(changed.to());
    }
    if (random.nextInt(512) == 0) {
      throw new IllegalStateException("a listener that fails");
    }
  }

  private void did(String what) {
    if (last.size() == REMEMBERED) {
      last.removeFirst();
    }
    last.addLast(what);
  }

  // ---- the life ----

  /** Lives for this many operations. */
  void live(int operations) {
    for (int i = 0; i < operations; i++) {
      operate();
      if (random.nextInt(4) != 0) {
        settle();
      }
      books.check();
    }
    end();
  }

  private void operate() {
    int dice = random.nextInt(100);
    if (dice < 28) {
      call();
    } else if (dice < 32) {
      tryCall();
    } else if (dice < 54) {
      give();
    } else if (dice < 60) {
      receive();
    } else if (dice < 75) {
      endDial();
    } else if (dice < 85) {
      pass(random.nextInt(60));
    } else if (dice < 90) {
      endClose();
    } else {
      operateRarely(random.nextInt(1000));
    }
  }

  private void operateRarely(int dice) {
    if (dice < 200) {
      did("weather");
      net.failing = random.nextBoolean() ? 0 : random.nextInt(17);
      net.slowClose = random.nextBoolean();
      net.workersRefuse = random.nextInt(8) == 0;
      net.unwell = random.nextBoolean() ? 0 : random.nextInt(17);
      for (int i = 0; i < net.ailing.length; i++) {
        net.ailing[i] = random.nextBoolean() ? 0 : random.nextInt(17);
      }
    } else if (dice < 300) {
      List<Endpoint> wanted = endpoints.choose();
      did("endpoints are " + wanted);
      endpoints.change(engine.membership(), wanted, shut);
    } else if (dice < 400) {
      did("some die");
      for (FakeConnection connection : net.open) {
        if (random.nextInt(4) == 0) {
          connection.unfit = CloseReason.PEER_CLOSED;
        }
      }
    } else if (dice < 500) {
      did("evict");
      engine.closings().evict(endpoint -> random.nextBoolean());
    } else if (dice < 650) {
      PoolOptions changed = RandomOptions.next(random, engine.options());
      did("update to " + changed.maxConnections() + " of " + changed.maxTotalConnections());
      engine.closings().update(engine.options(), changed);
    } else if (dice < 900) {
      interrupt();
    } else if (dice < 995) {
      pass(random.nextInt(12_000));
    } else {
      shut();
    }
  }

  private void call() {
    Use use = receives && random.nextBoolean() ? Use.SEND_BESIDE_RECEIVER : Use.CALL;
    int only = random.nextInt(4) == 0 ? endpoints.someNumber(engine.membership()) : Engine.ANY;
    int millis = random.nextInt(5) == 0 ? 0 : random.nextInt(300);
    did("call " + use + " to " + only + " within " + millis);
    callers.add(new RandomCaller(this, use, only, now + TimeUnit.MILLISECONDS.toNanos(millis)));
  }

  boolean isShut() {
    return shut;
  }

  Acquisition<FakeConnection> acquisition(RandomCaller caller) {
    return engine.begin(
        caller.use,
        random.nextBoolean() ? PickOrder.ROTATE : PickOrder.LAST_USED,
        null,
        caller.only,
        caller.only == Engine.ANY ? avoided() : null,
        now,
        caller.deadlineNanos);
  }

  /** Where the last attempt of a call may have failed; mostly nowhere. */
  private @Nullable Lane avoided() {
    int lanes = endpoints.present().size();
    return lanes == 0 || random.nextInt(4) != 0 ? null : engine.lane(random.nextInt(lanes));
  }

  private void tryCall() {
    Use use = receives && random.nextBoolean() ? Use.SEND_BESIDE_RECEIVER : Use.CALL;
    did("try " + use);
    boolean any = books.isAnyIdle() && callers.stream().noneMatch(RandomCaller::isInLine);
    try {
      FakeConnection got = engine.tryAcquire(use, PickOrder.ROTATE, null, now);
      if (got != null) {
        took(got, use);
      } else if (any && books.isAnyIdle()) {
        throw new AssertionError("there are idle connections and nobody waits");
      }
    } catch (PoolClosedException e) {
      expect(shut, e);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void took(FakeConnection connection, Use use) {
    books.own(connection, true, use.isFull());
    held.add(new Held(connection, use));
  }

  private void give() {
    if (held.isEmpty()) {
      return;
    }
    Held lease = held.remove(random.nextInt(held.size()));
    FakeConnection connection = lease.connection();
    books.disown(connection, true, lease.use().isFull());
    if (random.nextInt(6) == 0) {
      did("discard " + connection);
      engine.discard(connection, CloseReason.DISCARDED);
    } else if (random.nextInt(16) < net.ailing(connection)) {
      fail(connection);
    } else {
      did("release " + connection);
      connection.bytesRead += random.nextInt(2);
      long took = TimeUnit.MILLISECONDS.toNanos(net.ailing(connection) * (long) random.nextInt(10));
      engine.results().answered(connection, took, now);
      engine.release(connection, lease.use(), now, random.nextInt(8) != 0);
    }
  }

  private void fail(FakeConnection connection) {
    IOException cause = net.failure();
    did("fail " + connection + " by " + cause);
    connection.bytesWritten += random.nextInt(2);
    engine.results().failed(connection, CloseReason.PEER_RESET, cause, random.nextBoolean());
  }

  /** The receiver begins or ends reading somewhere. */
  private void receive() {
    if (!receives) {
      return;
    }
    if (!read.isEmpty() && random.nextBoolean()) {
      FakeConnection connection = read.remove(random.nextInt(read.size()));
      books.disown(connection, false, true);
      if (random.nextInt(8) == 0) {
        did("receiver discards " + connection);
        engine.discard(connection, CloseReason.PEER_CLOSED);
      } else {
        did("receiver drops " + connection);
        engine.dropRead(connection);
      }
    } else if (!net.open.isEmpty()) {
      FakeConnection connection = net.open.get(random.nextInt(net.open.size()));
      if (connection.claimRead()) {
        did("receiver reads " + connection);
        books.own(connection, false, true);
        read.add(connection);
      }
    }
  }

  private void endDial() {
    if (!net.dials.isEmpty()) {
      did("dial ends");
      net.endDial();
    }
  }

  private void endClose() {
    if (!net.closing.isEmpty()) {
      did("close ends");
      net.endClose();
    }
  }

  private void pass(long millis) {
    did(millis + " ms pass");
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void interrupt() {
    if (!callers.isEmpty()) {
      did("interrupt");
      callers.get(random.nextInt(callers.size())).interrupt();
    }
  }

  private void shut() {
    did("shut");
    shut = true;
    engine.closings().shut();
  }

  // ---- callers and the timer ----

  /** Lets everybody go on who can, and the timer ring if it must. */
  private void settle() {
    do {
      for (RandomCaller caller : List.copyOf(callers)) {
        if (caller.runnable || caller.deadlineNanos - now <= 0) {
          advance(caller);
        }
      }
      if (rung || timerNanos - now <= 0) {
        rung = false;
        timerNanos = engine.upkeep().run(now);
      }
    } while (rung || callers.stream().anyMatch(caller -> caller.runnable));
    books.settled();
  }

  private void advance(RandomCaller caller) {
    parker = caller;
    boolean wasInterrupted = caller.interrupted;
    boolean ends = true;
    try {
      FakeConnection got = caller.advance();
      ends = got != null;
      if (got != null) {
        took(got, caller.use);
      }
    } catch (CallTimeoutException e) {
      timeouts++;
      expect(caller.deadlineNanos - now <= 0, e);
    } catch (CallInterruptedException e) {
      expect(wasInterrupted, e);
    } catch (PoolClosedException e) {
      expect(shut, e);
    } catch (ConnectFailedException e) {
      expect(caller.begunOpen, e);
    } catch (PoolExhaustedException e) {
      expect(engine.closings().waiting() >= engine.options().maxPending(), e);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    if (ends) {
      callers.remove(caller);
    }
  }

  void lookAtGrants() {
    books.lookAtGrants();
  }

  private static void expect(boolean right, IOException e) {
    if (!right) {
      throw new AssertionError("a failure without a reason", e);
    }
  }

  // ---- the end ----

  private void end() {
    if (!shut) {
      shut();
    }
    net.slowClose = false;
    settle();
    if (!callers.isEmpty()) {
      throw new AssertionError("some still wait after the end");
    }
    if (random.nextBoolean()) {
      engine.closings().force();
    }
    while (!held.isEmpty()) {
      give();
    }
    while (!read.isEmpty()) {
      receive();
    }
    while (!net.dials.isEmpty()) {
      endDial();
    }
    while (!net.closing.isEmpty()) {
      endClose();
    }
    books.check();
    books.isEmpty();
  }
}

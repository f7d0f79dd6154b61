package io.github.tcppool.internal.engine;

import io.github.tcppool.Backoff;
import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.HealthCheck;
import io.github.tcppool.Heartbeat;
import io.github.tcppool.PickOrder;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.balance.Balancer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Many pools over the same servers, each the engine that ships, on one virtual clock and one
 * thread: what clients that lose their servers in the same moment do to them.
 */
final class Herd {

  /** How a server treats clients. */
  enum State {
    WELL,
    /** Nothing listens. */
    REFUSES,
    /** It accepts, and resets every request. */
    RESETS
  }

  /** What happens at a moment; of two at the same moment the one that was planned first. */
  private record Event(long nanos, long number, Runnable what) {}

  private static final long CONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long CALL_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);

  final List<Endpoint> endpoints = new ArrayList<>();
  final State[] states;

  /** When a server saw an attempt to connect, by server. */
  final List<List<Long>> connects = new ArrayList<>();

  long requests;
  long answers;
  long failedCalls;

  private final List<Member> members = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          (a, b) ->
              a.nanos == b.nanos
                  ? Long.compare(a.number, b.number)
                  : Long.compare(a.nanos, b.nanos));
  private final Random random = new Random(20_261_128);
  private long planned;
  private long now = TimeUnit.HOURS.toNanos(1);

  /** Pools that each make a call at every interval, whatever became of the last one. */
  Herd(int pools, int servers, PoolOptions options, long intervalNanos) {
    states = new State[servers];
    for (int i = 0; i < servers; i++) {
      endpoints.add(Endpoint.of("server" + i, 1000 + i));
      connects.add(new ArrayList<>());
      states[i] = State.WELL;
    }
    for (int i = 0; i < pools; i++) {
      Member member = new Member(options);
      members.add(member);
      member.tend();
      in(random.nextLong(intervalNanos), () -> member.callEvery(intervalNanos));
    }
  }

  private void in(long nanos, Runnable what) {
    events.add(new Event(now + nanos, planned++, what));
  }

  /** Lets time pass. */
  void run(long nanos) {
    long end = now + nanos;
    while (!events.isEmpty() && events.peek().nanos <= end) {
      Event event = events.remove();
      now = event.nanos;
      event.what.run();
    }
    now = end;
  }

  long now() {
    return now;
  }

  /** From now on a server is like this; its connections end, and every pool notices at once. */
  void becomes(int server, State state) {
    states[server] = state;
    for (Member member : members) {
      if (state == State.REFUSES) {
        member.loseConnections(endpoints.get(server));
      }
      in(0, member::call);
    }
  }

  /** Connects that all servers saw so far. */
  long connects() {
    return connects.stream().mapToLong(List::size).sum();
  }

  private State stateOf(Endpoint endpoint) {
    return states[endpoints.indexOf(endpoint)];
  }

  /** One pool and its callers. */
  private final class Member implements Transport<FakeConnection> {

    private final Engine<FakeConnection> engine;
    private final List<FakeConnection> open = new ArrayList<>();
    private @Nullable Call beginning;
    private long dueNanos = Long.MAX_VALUE;

    Member(PoolOptions options) {
      engine =
          new Engine<>(
              "member",
              endpoints,
              Balancer.roundRobin(),
              options,
              this,
              dial -> in(CONNECT_NANOS, dial),
              Herd.this::now,
              new Random(random.nextLong()),
              () -> beginning,
              event -> {});
      engine.upkeep().onChange(() -> tendAt(now));
    }

    // ---- housekeeping ----

    private void tendAt(long nanos) {
      if (nanos < dueNanos) {
        dueNanos = nanos;
        in(nanos - now, () -> tendIfDue(nanos));
      }
    }

    private void tendIfDue(long nanos) {
      if (nanos == dueNanos) { // else an earlier one came first
        tend();
      }
    }

    void tend() {
      dueNanos = Long.MAX_VALUE;
      long next = engine.upkeep().run(now);
      if (next != Long.MAX_VALUE) {
        tendAt(Math.max(next, now + 1));
      }
    }

    // ---- network ----

    @Override
    public FakeConnection dial(Endpoint endpoint, PoolOptions options) throws IOException {
      connects.get(endpoints.indexOf(endpoint)).add(now);
      if (stateOf(endpoint) == State.REFUSES) {
        throw new ConnectException("Connection refused");
      }
      FakeConnection connection = new FakeConnection(endpoint);
      open.add(connection);
      return connection;
    }

    @Override
    public void check(Endpoint endpoint, PoolOptions options, HealthCheck check) {
      throw new AssertionError("these pools check nothing");
    }

    @Override
    public void ask(FakeConnection connection, Heartbeat heartbeat) {
      throw new AssertionError("these pools ask nothing");
    }

    @Override
    public void cancelDials() {}

    @Override
    public void close(FakeConnection connection, CloseReason reason, Runnable done) {
      open.remove(connection);
      done.run();
    }

    @Override
    public void sever(FakeConnection connection) {}

    void loseConnections(Endpoint endpoint) {
      open.stream()
          .filter(connection -> connection.endpoint.equals(endpoint))
          .forEach(connection -> connection.unfit = CloseReason.PEER_RESET);
    }

    // ---- calls ----

    void callEvery(long nanos) {
      call();
      in(nanos, () -> callEvery(nanos));
    }

    void call() {
      new Call(this).begin();
    }
  }

  /** An exchange that may be repeated, without a thread: it sleeps by not being advanced. */
  private final class Call implements Parker {

    private final Member member;
    private final long deadlineNanos = now + CALL_TIMEOUT_NANOS;
    private Acquisition<FakeConnection> acquisition;
    private int resends;

    Call(Member member) {
      this.member = member;
      acquisition = acquisition();
    }

    private Acquisition<FakeConnection> acquisition() {
      return member.engine.begin(
          Use.CALL, PickOrder.LAST_USED, null, Engine.ANY, null, now, deadlineNanos);
    }

    void begin() {
      advance();
      if (acquisition.waiter() != null) {
        in(Math.max(1, deadlineNanos - now), this::advanceIfWaiting);
      }
    }

    private void advanceIfWaiting() {
      if (acquisition.waiter() != null) {
        advance();
      }
    }

    private void advance() {
      member.beginning = this;
      FakeConnection connection;
      try {
        connection = acquisition.advance();
      } catch (IOException e) {
        failedCalls++;
        return;
      }
      if (connection != null) {
        requests++;
        in(ANSWER_NANOS, () -> end(connection));
      }
    }

    private void end(FakeConnection connection) {
      if (stateOf(connection.endpoint) == State.WELL) {
        answers++;
        connection.bytesRead++;
        member.engine.release(connection, Use.CALL, now);
        return;
      }
      member
          .engine
          .results()
          .failed(connection, CloseReason.PEER_RESET, new SocketException("Connection reset"));
      if (!member.engine.results().mayRepeat()) {
        failedCalls++;
        return;
      }
      resends++;
      acquisition = acquisition();
      Backoff pace = member.engine.options().retry().backoff();
      in(resends == 1 ? 0 : pace.delayNanos(resends - 1, random), this::begin);
    }

    @Override
    public void sleep(long nanos) {
      throw new AssertionError("a caller without a thread cannot sleep");
    }

    @Override
    public void wake() {
      in(0, this::advanceIfWaiting);
    }
  }
}

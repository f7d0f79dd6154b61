package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.HealthCheck;
import io.github.tcppool.Heartbeat;
import io.github.tcppool.PoolOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A network in which dials end as a test says, at once, and closes when it says. */
final class FakeTransport implements Transport<FakeConnection> {

  /** Endpoints that refuse. */
  final Set<Endpoint> down = new HashSet<>();

  final List<FakeConnection> opened = new ArrayList<>();
  final List<FakeConnection> closed = new ArrayList<>();

  /** Closes that are not done yet. */
  final List<Runnable> closing = new ArrayList<>();

  /** Whether closes wait for {@link #finishCloses}. */
  boolean slowClose;

  /** What the next dials throw instead of an ordinary refusal. */
  Throwable failure = new ConnectException("Connection refused");

  /** What closes throw instead of closing. */
  @Nullable RuntimeException closeFailure;

  /** What happens elsewhere while a dial is under way. */
  Runnable whileDialing = () -> {};

  /** What happens elsewhere while a dial is refused. */
  Runnable whileRefusing = () -> {};

  /** Whose health checks fail. */
  final Set<Endpoint> unwell = new HashSet<>();

  int checks;

  /** Connections that had a heartbeat. */
  final List<FakeConnection> asked = new ArrayList<>();

  /** What comes of heartbeats and checks instead of a good answer. */
  @Nullable Throwable badAnswer;

  int refused;
  int cancels;

  @Override
  public FakeConnection dial(Endpoint endpoint, PoolOptions options) throws IOException {
    if (down.contains(endpoint)) {
      refused++;
      whileRefusing.run();
      fail(failure);
    }
    whileDialing.run();
    FakeConnection connection = new FakeConnection(endpoint);
    opened.add(connection);
    return connection;
  }

  @Override
  public void check(Endpoint endpoint, PoolOptions options, HealthCheck check) throws IOException {
    checks++;
    if (unwell.contains(endpoint)) {
      fail(badAnswer == null ? new ConnectException("Connection refused") : badAnswer);
    }
  }

  @Override
  public void ask(FakeConnection connection, Heartbeat heartbeat) throws IOException {
    asked.add(connection);
    if (badAnswer != null) {
      fail(badAnswer);
    }
  }

  private static void fail(Throwable failure) throws IOException {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException fault) {
      throw fault;
    }
    throw (IOException) failure;
  }

  @Override
  public void cancelDials() {
    cancels++;
  }

  @Override
  public void close(FakeConnection connection, CloseReason reason, Runnable done) {
    if (connection.closedFor != null) {
      throw new AssertionError(connection + " is closed twice");
    }
    connection.closedFor = reason;
    closed.add(connection);
    if (closeFailure != null) {
      throw closeFailure;
    }
    if (slowClose) {
      closing.add(done);
    } else {
      done.run();
    }
  }

  @Override
  public void sever(FakeConnection connection) {
    connection.severed = true;
    if (connection.closedFor != null) {
      finishCloses();
    }
  }

  /** Ends the closes under way. */
  void finishCloses() {
    List<Runnable> now = new ArrayList<>(closing);
    closing.clear();
    now.forEach(Runnable::run);
  }
}

package io.github.tcppool.internal.engine;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.HealthCheck;
import io.github.tcppool.Heartbeat;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.internal.net.NoDescriptorException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** A network and its workers, in which dials and closes end in any order, well or badly. */
final class RandomNet implements Transport<FakeConnection>, Executor {

  /** A close under way. */
  record Closing(FakeConnection connection, Runnable done) {}

  final List<FakeConnection> open = new ArrayList<>();
  final List<Closing> closing = new ArrayList<>();

  /** Dials under way: no two are the same. */
  final List<Runnable> dials = new ArrayList<>();

  private final SplittableRandom random;

  /** How many dials of 16 fail. */
  int failing;

  /** How many health checks of 16 are bad. */
  int unwell;

  /** How many calls of 16 fail, by server. */
  final int[] ailing = new int[4];

  boolean slowClose;
  boolean workersRefuse;
  boolean cancelled;
  int opened;

  RandomNet(SplittableRandom random) {
    this.random = random;
  }

  /** How ill its server is: how many calls of 16 fail there. */
  int ailing(FakeConnection connection) {
    return ailing[connection.endpoint.port() % ailing.length];
  }

  /** What a call fails by. */
  IOException failure() {
    return switch (random.nextInt(8)) {
      case 0 -> new InterruptedIOException("interrupted");
      case 1 -> new NoDescriptorException(new IOException("no descriptor"));
      case 2, 3 -> new SocketTimeoutException("timed out");
      case 4 -> new EOFException("ended");
      default -> new SocketException("reset");
    };
  }

  @Override
  public void execute(Runnable dial) {
    if (workersRefuse) {
      throw new RejectedExecutionException("no worker");
    }
    dials.add(dial);
  }

  /** Lets one of the dials end: those that take long are the ones that are never chosen. */
  void endDial() {
    dials.remove(random.nextInt(dials.size())).run();
  }

  @Override
  public FakeConnection dial(Endpoint endpoint, PoolOptions options) throws IOException {
    if (cancelled && random.nextBoolean()) {
      throw new SocketTimeoutException("cancelled");
    }
    if (random.nextInt(16) < failing) {
      if (random.nextInt(8) == 0) {
        throw new ExceptionInInitializerError("a class that cannot be loaded");
      }
      throw new ConnectException("refused");
    }
    FakeConnection connection = new FakeConnection(endpoint);
    open.add(connection);
    opened++;
    return connection;
  }

  @Override
  public void check(Endpoint endpoint, PoolOptions options, HealthCheck check) throws IOException {
    if (random.nextInt(16) < unwell) {
      throw switch (random.nextInt(4)) {
        case 0 -> new LocalFaultException(new IOException("no descriptor"));
        case 1 -> new SocketTimeoutException("no answer");
        default -> new ConnectException("refused");
      };
    }
  }

  @Override
  public void ask(FakeConnection connection, Heartbeat heartbeat) {
    // all answer
  }

  @Override
  public void cancelDials() {
    cancelled = true;
  }

  @Override
  public void close(FakeConnection connection, CloseReason reason, Runnable done) {
    if (connection.closedFor != null) {
      throw new AssertionError(connection + " is closed twice");
    }
    connection.closedFor = reason;
    open.remove(connection);
    if (random.nextInt(64) == 0) {
      throw new IllegalStateException("a close that fails");
    }
    if (slowClose) {
      closing.add(new Closing(connection, done));
    } else {
      done.run();
    }
  }

  /** Lets one of the closes end. */
  void endClose() {
    closing.remove(random.nextInt(closing.size())).done().run();
  }

  @Override
  public void sever(FakeConnection connection) {
    connection.severed = true;
    closing.stream()
        .filter(c -> c.connection() == connection)
        .findFirst()
        .ifPresent(
            c -> {
              closing.remove(c);
              c.done().run();
            });
  }
}

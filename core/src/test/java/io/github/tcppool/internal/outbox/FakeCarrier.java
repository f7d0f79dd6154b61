package io.github.tcppool.internal.outbox;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PoolOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections that take as many bytes as a test allows, and then wait or break. */
final class FakeCarrier implements Carrier<FakeCarrier.Wire> {

  /** One connection. */
  static final class Wire {
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    boolean torn;
    boolean discarded;
    boolean blameless;

    String text() {
      return taken.toString(StandardCharsets.UTF_8);
    }
  }

  final List<Wire> wires = new ArrayList<>();
  final Queue<IOException> refusals = new ArrayDeque<>();

  /** Permits to take a connection, for those who may wait for it. */
  final Semaphore connections = new Semaphore(Integer.MAX_VALUE);

  /** Whether one is there without waiting. */
  volatile boolean idle = true;

  /** How many bytes the kernel takes without waiting; from then on a waiting write waits. */
  int roomBytes = Integer.MAX_VALUE;

  /** After how many bytes of a connection a write fails. */
  volatile int breaksAfter = Integer.MAX_VALUE;

  /** Lets writes that wait go on. */
  final Semaphore unstuck = new Semaphore(0);

  final Semaphore stuck = new Semaphore(0);

  /** What the framing throws at a message that is too large for a batch. */
  volatile @Nullable RuntimeException framingFault;

  volatile PoolOptions options = PoolOptions.defaults();
  int messages;
  private Wire current;

  private synchronized Wire wire() {
    if (current == null || current.discarded) {
      current = new Wire();
      wires.add(current);
    }
    return current;
  }

  synchronized String texts() {
    StringBuilder all = new StringBuilder();
    wires.forEach(wire -> all.append(wire.text()));
    return all.toString();
  }

  @Override
  public Wire tryTake() {
    return idle ? wire() : null;
  }

  @Override
  public Wire take(long deadlineNanos) throws IOException {
    IOException refusal = refusals.poll();
    if (refusal != null) {
      throw refusal;
    }
    try {
      if (!connections.tryAcquire(10, TimeUnit.SECONDS)) {
        throw new IOException("no connection");
      }
      return wire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new io.github.tcppool.CallInterruptedException(
          "interrupted", io.github.tcppool.FailureDetails.NOTHING_SENT, e);
    }
  }

  @Override
  public long written(Wire wire) {
    return wire.taken.size();
  }

  @Override
  public boolean write(Wire wire, ByteBuffer frames, boolean mayWait) throws IOException {
    while (frames.hasRemaining()) {
      if (wire.taken.size() >= breaksAfter) {
        throw new IOException("Broken pipe");
      }
      if (roomBytes == 0) {
        if (!mayWait) {
          return false;
        }
        await();
        continue;
      }
      wire.taken.write(frames.get());
      roomBytes--;
    }
    return true;
  }

  private void await() throws IOException {
    stuck.release();
    try {
      unstuck.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted");
    }
    roomBytes = Integer.MAX_VALUE;
  }

  @Override
  public void write(Wire wire, byte[] message) throws IOException {
    RuntimeException fault = framingFault;
    if (fault != null) {
      throw fault;
    }
    boolean unused = write(wire, ByteBuffer.wrap(message), true);
  }

  @Override
  public void giveBack(Wire wire, int count) {
    messages += count;
  }

  @Override
  public void discard(Wire wire, boolean torn, IOException cause) {
    wire.discarded = true;
    wire.torn = torn;
  }

  @Override
  public void abandon(Wire wire, CloseReason reason) {
    wire.discarded = true;
    wire.torn = reason == CloseReason.TORN_MESSAGE;
    wire.blameless = true;
  }

  @Override
  public Endpoint endpoint(Wire wire) {
    return Endpoint.of("fake", 1);
  }

  @Override
  public PoolOptions options() {
    return options;
  }
}

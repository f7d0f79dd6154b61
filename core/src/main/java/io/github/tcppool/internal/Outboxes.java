package io.github.tcppool.internal;

import io.github.tcppool.Outbox;
import io.github.tcppool.OutboxOptions;
import io.github.tcppool.OutboxSnapshot;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.internal.engine.Engine;
import io.github.tcppool.internal.outbox.PoolOutbox;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The outboxes of a pool: made here, closed before it is. */
final class Outboxes {

  private final String poolName;
  private final Framing framing;
  private final Receiver receiver;
  private final List<PoolOutbox<Connection>> open = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  Outboxes(String poolName, Framing framing, Receiver receiver) {
    this.poolName = poolName;
    this.framing = framing;
    this.receiver = receiver;
  }

  Outbox open(OutboxOptions options, Engine<Connection> engine) {
    PoolOutbox<Connection> outbox =
        new PoolOutbox<>(
            poolName,
            options,
            framing,
            new PoolCarrier(engine, framing, receiver),
            System::nanoTime,
            open::remove);
    open.add(outbox);
    if (closed) { // looked at after it was added, as closeAll looks at the list after setting it
      outbox.closeWithin(Duration.ZERO);
    }
    return outbox;
  }

  /** Closes all within a time; what cannot be sent goes to their listeners. */
  void closeAll(Duration within) {
    closed = true;
    long deadline = System.nanoTime() + within.toNanos();
    for (PoolOutbox<Connection> outbox : open) {
      outbox.closeWithin(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
  }

  List<OutboxSnapshot> snapshots() {
    return open.stream().map(PoolOutbox::snapshot).toList();
  }
}

package io.github.tcppool.internal;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.internal.engine.Engine;
import io.github.tcppool.internal.engine.Use;
import io.github.tcppool.internal.outbox.Carrier;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Gets the batches of one outbox onto the connections of the pool. For one thread at a time. */
final class PoolCarrier implements Carrier<Connection> {

  private final Engine<Connection> engine;
  private final Framing framing;
  private final Receiver receiver;

  /** What the connection at hand was taken for. */
  private Use use = Use.SEND;

  PoolCarrier(Engine<Connection> engine, Framing framing, Receiver receiver) {
    this.engine = engine;
    this.framing = framing;
    this.receiver = receiver;
  }

  @Override
  public @Nullable Connection tryTake() {
    use = use();
    try {
      return engine.tryAcquire(use, options().sendOrder(), null, engine.now());
    } catch (IOException e) {
      return null; // closed: who waits for one will be told
    }
  }

  @Override
  public Connection take(long deadlineNanos) throws IOException {
    use = use();
    return engine.acquire(
        use, options().sendOrder(), null, Engine.ANY, engine.now(), deadlineNanos);
  }

  private Use use() {
    return receiver.isReceiving() ? Use.SEND_BESIDE_RECEIVER : Use.SEND;
  }

  @Override
  public long written(Connection connection) {
    return connection.bytesWritten();
  }

  @Override
  public boolean write(Connection connection, ByteBuffer frames, boolean mayWait)
      throws IOException {
    return connection.write(frames, mayWait, mayWait ? writeDeadline() : 0);
  }

  @Override
  public void write(Connection connection, byte[] message) throws IOException {
    connection.write(framing, message, 0, message.length, writeDeadline());
  }

  private long writeDeadline() {
    return engine.now() + options().writeTimeoutNanos();
  }

  @Override
  public void giveBack(Connection connection, int messages) {
    if (messages > 1) {
      connection.servedMore(messages - 1);
    }
    engine.release(connection, use, engine.now());
  }

  @Override
  public void discard(Connection connection, boolean torn, IOException cause) {
    CloseReason reason = torn ? CloseReason.TORN_MESSAGE : Calls.reasonFor(cause);
    engine.results().failed(connection, reason, cause);
  }

  @Override
  public void abandon(Connection connection, CloseReason reason) {
    engine.discard(connection, reason);
  }

  @Override
  public Endpoint endpoint(Connection connection) {
    return connection.endpoint();
  }

  @Override
  public PoolOptions options() {
    return engine.options();
  }
}

package io.github.tcppool.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's TLS between the buffers of a channel and its socket.
 *
 * <p>The engine is driven record by record. What an application can read comes from whole records
 * only, and what counts as written is in records that the kernel took whole: the peer cannot open
 * any other. Messages of TLS itself - session tickets, key updates, alerts - never look like bytes
 * of the peer; the answer to a key update goes out with the next write, which is when RFC 8446
 * (4.6.3) wants it.
 *
 * <p>A handshake after the first one (TLS 1.2 renegotiation) is refused.
 *
 * <pre>
 * reader owns   netIn (records not opened yet), plain (an opened record that did not fit)
 * writer owns   netOut (a record that the kernel has not taken whole), torn, kept, taken
 * </pre>
 */
final class TlsLayer implements Layer {

  /** How often the kernel is asked for a record to its end before others get their turn. */
  private static final int EMPTY_READS = 16;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final Buffers records;

  /** Ready to be read. Of the reader. */
  private @Nullable ByteBuffer netIn;

  /** Ready to be read. Of the reader. */
  private @Nullable ByteBuffer plain;

  /** Ready to be read. Of the writer. */
  private @Nullable ByteBuffer netOut;

  /** Bytes of the writer's source that are in {@link #netOut}. Of the writer. */
  private int torn;

  /** Torn bytes that the writer was told are written. Of the writer. */
  private int kept;

  /** Bytes in records that the kernel has taken whole in the write under way. Of the writer. */
  private int taken;

  private boolean established;
  private boolean renegotiable;

  /** Whether the peer said that nothing follows. Of the reader. */
  private boolean endSaid;

  /** Whether the peer's side of the connection is at its end. Of the reader. */
  private boolean streamEnded;

  /** Whether the peer has said anything of TLS itself since the handshake. Of the reader. */
  private boolean heardFromPeer;

  /** Of the reader. */
  private final RecordLimits limits = new RecordLimits();

  TlsLayer(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
    records = Buffers.forRecordsOf(engine.getSession().getPacketBufferSize());
  }

  SSLEngine engine() {
    return engine;
  }

  /** Ends the handshake: from now on bytes are carried. */
  void establish(boolean peerMayAskForAnother) {
    established = true;
    renegotiable = peerMayAskForAnother;
  }

  /** Whether the peer has said anything of TLS itself since the handshake. For the reader. */
  boolean hasHeardFromPeer() {
    return heardFromPeer;
  }

  // ---- reading ----

  @Override
  public int read(ByteBuffer target) throws IOException {
    int count = takePlain(target);
    if (count == 0) {
      count = open(target);
    }
    for (int reads = 0; count == 0 && !endSaid && !streamEnded && reads < EMPTY_READS; reads++) {
      int received = receive();
      if (received == 0) {
        return 0;
      }
      streamEnded = received < 0;
      count = open(target); // also after the last receive: who is told 0 waits for the kernel
    }
    return count == 0 && (endSaid || streamEnded) ? -1 : count;
  }

  private int takePlain(ByteBuffer target) {
    ByteBuffer opened = plain;
    if (opened == null || !target.hasRemaining()) {
      return 0;
    }
    int count = Math.min(target.remaining(), opened.remaining());
    target.put(target.position(), opened, opened.position(), count);
    target.position(target.position() + count);
    opened.position(opened.position() + count);
    if (!opened.hasRemaining()) {
      plain = null;
      records.give(opened);
    }
    return count;
  }

  /** Opens the whole records at hand, as far as there is room; how many bytes they held. */
  private int open(ByteBuffer target) throws IOException {
    ByteBuffer in = netIn;
    int before = target.position();
    while (in != null && in.hasRemaining() && !endSaid) {
      SSLEngineResult result = engine.unwrap(in, target);
      settle(result);
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
        break;
      }
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
        if (target.position() > before || !openAside(in) || plain != null) {
          int unused = takePlain(target);
          break;
        }
      }
    }
    return target.position() - before;
  }

  /** Opens one record that is larger than the room of the reader; false if it is not whole yet. */
  private boolean openAside(ByteBuffer in) throws IOException {
    ByteBuffer room = records.take();
    SSLEngineResult result = engine.unwrap(in, room);
    settle(result);
    if (room.flip().hasRemaining()) {
      plain = room;
    } else {
      records.give(room);
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
        throw RecordLimits.tooLarge();
      }
    }
    return result.bytesConsumed() > 0;
  }

  /** What a step of the engine means for the connection. */
  private void settle(SSLEngineResult result) throws IOException {
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      endSaid = true;
      return;
    }
    if (!established) {
      return;
    }
    limits.count(result);
    heardFromPeer |= result.bytesConsumed() > 0 && result.bytesProduced() == 0;
    HandshakeStatus status = result.getHandshakeStatus();
    if (status == HandshakeStatus.NEED_TASK) {
      runTasks(engine);
      status = engine.getHandshakeStatus();
    }
    boolean another = status == HandshakeStatus.NEED_WRAP || status == HandshakeStatus.NEED_UNWRAP;
    if (another && renegotiable && !engine.isInboundDone()) {
      throw new SSLException("peer asked for a new handshake within the connection: refused");
    }
  }

  static void runTasks(SSLEngine engine) {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /** Takes what the kernel has: the number of bytes, 0 for none, -1 at the end. */
  private int receive() throws IOException {
    ByteBuffer in = netIn();
    if (in.hasRemaining()) {
      in.compact();
    } else {
      in.clear();
    }
    if (!in.hasRemaining()) {
      throw RecordLimits.tooLarge();
    }
    try {
      return channel.read(in);
    } finally {
      in.flip();
    }
  }

  private ByteBuffer netIn() {
    ByteBuffer in = netIn;
    if (in == null) {
      in = records.take().flip();
      netIn = in;
    }
    return in;
  }

  @Override
  public boolean hasBuffered() {
    if (plain != null || endSaid) {
      return true;
    }
    ByteBuffer in = netIn;
    if (in == null || in.remaining() < 5) {
      return false;
    }
    int length = in.getShort(in.position() + 3) & 0xffff;
    return in.remaining() >= 5 + length;
  }

  @Override
  public boolean isCutShort() {
    return streamEnded && !endSaid;
  }

  // ---- writing ----

  @Override
  public int write(ByteBuffer source) throws IOException {
    taken = 0;
    while (true) {
      if (!flush()) {
        return taken;
      }
      taken += claim(source);
      if (!source.hasRemaining()) {
        return taken;
      }
      seal(source);
    }
  }

  /** The record is the kernel's: so are the bytes of the source that are in it. */
  private int claim(ByteBuffer source) {
    int whole = torn;
    source.position(source.position() + whole - kept);
    torn = 0;
    kept = 0;
    return whole;
  }

  /** Makes the next record, and leaves the source as it is. */
  private void seal(ByteBuffer source) throws IOException {
    ByteBuffer out = netOut();
    int start = source.position();
    SSLEngineResult result;
    try {
      result = engine.wrap(source, out.clear());
    } finally {
      out.flip();
    }
    torn = result.bytesConsumed();
    source.position(start);
    if (result.getStatus() != SSLEngineResult.Status.OK) {
      throw new SSLException("TLS cannot write any more: " + result.getStatus());
    }
  }

  private ByteBuffer netOut() {
    ByteBuffer out = netOut;
    if (out == null) {
      out = records.take().flip();
      netOut = out;
    }
    return out;
  }

  /** Hands over what is sealed; false if something is left. */
  boolean flush() throws IOException {
    ByteBuffer out = netOut;
    if (out == null || !out.hasRemaining()) {
      return true;
    }
    int unused = channel.write(out);
    return !out.hasRemaining();
  }

  @Override
  public int takenBeforeFailure() {
    return taken;
  }

  @Override
  public int tornBytes() {
    return torn;
  }

  @Override
  public void keepTorn() {
    kept = torn;
  }

  // ---- the handshake ----

  /** Seals and hands over one message of the handshake; false if the kernel did not take it all. */
  boolean sendOwn() throws IOException {
    if (!flush()) {
      return false;
    }
    boolean unused = sealOwn();
    return flush();
  }

  /** Seals what the engine has to say for itself; false if that is nothing. */
  private boolean sealOwn() throws IOException {
    ByteBuffer out = netOut();
    try {
      return engine.wrap(NOTHING, out.clear()).bytesProduced() > 0;
    } finally {
      out.flip();
    }
  }

  /** Opens one record of the handshake, from what has arrived. */
  Received receiveOwn() throws IOException {
    while (true) {
      ByteBuffer in = netIn();
      SSLEngineResult result = engine.unwrap(in, NOTHING);
      if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
        return Received.END;
      }
      if (result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW) {
        return Received.RECORD;
      }
      int received = receive();
      if (received <= 0) {
        return received == 0 ? Received.NOTHING : Received.END;
      }
    }
  }

  /** What came of {@link #receiveOwn()}. */
  enum Received {
    RECORD,
    NOTHING,
    END
  }

  // ---- the end ----

  @Override
  public boolean sayEnd() throws IOException {
    engine.closeOutbound();
    while (!engine.isOutboundDone()) {
      if (!flush()) {
        return false;
      }
      if (!sealOwn()) {
        break; // amid a handshake it may have nothing to say, however often it is asked
      }
    }
    return flush();
  }

  @Override
  public void relax() {
    ByteBuffer in = netIn;
    if (in != null && !in.hasRemaining()) {
      netIn = null;
      records.give(in);
    }
    ByteBuffer out = netOut;
    if (out != null && !out.hasRemaining()) {
      netOut = null;
      records.give(out);
    }
  }
}

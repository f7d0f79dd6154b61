package io.github.tcppool.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection that a {@link TcpPeer} has accepted.
 *
 * <p>Reading ({@link #read}, {@link #readFrame}, {@link #readExactly}) is for the connection's
 * {@link Behaviour}, one thread at a time. Everything else may be called by any thread at any
 * moment, also while the behaviour reads or writes. Once the connection has ended here, by {@link
 * #close}, {@link #reset} or the end of its behaviour, commands do nothing and reads and sends
 * fail; the observations stay.
 */
public final class PeerConnection {
  private final int number;
  private final Wire wire;
  private final Ledger ledger;
  private final Intake intake;
  private final ReentrantLock sending = new ReentrantLock();
  private volatile Pace sendPace = Pace.UNLIMITED;
  private volatile long bytesSent;

  PeerConnection(int number, Wire wire, Ledger ledger, boolean paused) {
    this.number = number;
    this.wire = wire;
    this.ledger = ledger;
    this.intake = new Intake(wire, ledger, paused);
  }

  /** The number in order of acceptance; the peer's first connection is 1. */
  public int number() {
    return number;
  }

  /** The client's address. */
  public InetSocketAddress remoteAddress() {
    return wire.remoteAddress();
  }

  /** Waits for bytes and returns those that have arrived; null when the client has sent a FIN. */
  @SuppressWarnings("exports") // an annotation, which users can do without
  public byte @Nullable [] read() throws IOException {
    return readAtMost(Integer.MAX_VALUE);
  }

  /**
   * Waits for a whole frame and returns it, boundary included; null when the client has sent a FIN,
   * even if that cut a frame.
   */
  @SuppressWarnings("exports")
  public byte @Nullable [] readFrame() throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    try {
      do {
        byte[] piece = intake.read(Integer.MAX_VALUE, true);
        if (piece == null) {
          return null;
        }
        frame.writeBytes(piece);
      } while (intake.log().isInsideFrame());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return frame.toByteArray();
  }

  /** Waits for exactly {@code bytes} bytes; fails with {@link EOFException} if the client ends. */
  public byte[] readExactly(int bytes) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(bytes);
    while (all.hasRemaining()) {
      byte[] piece = readAtMost(all.remaining());
      if (piece == null) {
        throw new EOFException("wanted " + bytes + " bytes, but only " + all.position() + " came");
      }
      all.put(piece);
    }
    return all.array();
  }

  byte @Nullable [] readAtMost(int bytes) throws IOException {
    try {
      return intake.read(bytes, false);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Sends bytes to the client, asked for or not; waits as long as the client does not read. */
  public void send(byte[] bytes) throws IOException {
    try {
      sending.lockInterruptibly();
      try {
        sendAtPace(ByteBuffer.wrap(bytes));
      } finally {
        sending.unlock();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      ledger.tally.changed();
    }
  }

  void sendOrReset(byte[] bytes) {
    try {
      send(bytes);
    } catch (IOException e) {
      reset();
    }
  }

  /** Sends a text in UTF-8, as {@link #send(byte[])} does. */
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock
  private void sendAtPace(ByteBuffer bytes) throws IOException, InterruptedException {
    int end = bytes.limit();
    while (bytes.hasRemaining()) {
      Pace pace = sendPace;
      if (pace.gapNanos() > 0) {
        intake.delay(pace.gapNanos());
      }
      bytes.limit(bytes.position() + Math.min(pace.bytes(), end - bytes.position()));
      int piece = bytes.remaining();
      wire.write(bytes);
      bytesSent += piece;
      bytes.limit(end);
    }
  }

  /** Waits; ends early, by an exception, if the connection is closed or its behaviour replaced. */
  public void delay(Duration time) throws IOException {
    try {
      intake.delay(time.toNanos());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Stops reading, so that the client's send window fills up and closes. */
  public void pause() {
    intake.pause(true);
  }

  /** Reads on after {@link #pause()}. */
  public void resume() {
    intake.pause(false);
  }

  /**
   * Gives the connection another behaviour, which takes over at the next read or delay of the
   * present one. Bytes that the present one has not read yet go to the new one.
   */
  public void behave(Behaviour next) {
    intake.behave(next);
  }

  /** Sends a FIN and goes on reading. When this returns, the FIN is on its way. */
  public void halfClose() {
    wire.halfClose();
  }

  /**
   * Closes the connection with a FIN. When this returns, the FIN is on its way. If bytes have
   * arrived that nobody has read, the kernel lets a RST follow, as for any server that closes
   * without reading.
   */
  public void close() {
    end(false);
    wire.flush();
  }

  /** Closes the connection with a RST. When this returns, the RST is on its way. */
  public void reset() {
    end(true);
    wire.flush();
  }

  /** Closes without waiting for the FIN or RST to have left. */
  void end(boolean reset) {
    if (wire.close(reset)) {
      ledger.open.decrementAndGet();
      ledger.tally.changed();
    }
  }

  /** Whether the connection is open on the peer's side. */
  public boolean isOpen() {
    return wire.isOpen();
  }

  /** Whether the client's FIN has been read. */
  public boolean sawEnd() {
    return intake.sawEnd();
  }

  /** Whether a read or write has met the client's RST. */
  public boolean sawReset() {
    return wire.isBroken();
  }

  /** Bytes that the behaviour has read. */
  public long bytesReceived() {
    return intake.receivedBytes();
  }

  /** The first 64 KiB of what the behaviour has read. */
  public byte[] received() {
    return intake.received();
  }

  /** Bytes that the kernel has taken for the client, in messages sent completely or piecewise. */
  public long bytesSent() {
    return bytesSent;
  }

  /** Complete frames that the behaviour has read. */
  public long framesReceived() {
    return intake.log().count();
  }

  /** The frames themselves, boundaries included, up to the peer's bound. */
  public List<byte[]> frames() {
    return intake.log().frames();
  }

  /** Waits for at least so many received bytes. */
  public void awaitBytes(long bytes) {
    await("at least " + bytes + " bytes", () -> bytesReceived() >= bytes);
  }

  /** Waits for at least so many frames. */
  public void awaitFrames(long frames) {
    await("at least " + frames + " frames", () -> framesReceived() >= frames);
  }

  /** Waits until the client's FIN has been read; a paused or stalled connection does not see it. */
  public void awaitEnd() {
    await("the client's FIN", this::sawEnd);
  }

  /** Waits until a read or write has met the client's RST. */
  public void awaitReset() {
    await("the client's RST", this::sawReset);
  }

  /** Waits until the connection is closed on the peer's side. */
  public void awaitClosed() {
    await("the end", () -> !isOpen());
  }

  private void await(String wanted, BooleanSupplier fact) {
    ledger.tally.await(ledger.patience, fact, wanted + " on " + this, this::story);
  }

  private String story() {
    String ends = (sawEnd() ? ", FIN" : "") + (sawReset() ? ", RST" : "");
    return bytesReceived()
        + (" bytes, " + framesReceived() + " frames" + ends)
        + (isOpen() ? ", open" : ", closed");
  }

  private static InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException failure = new InterruptedIOException("interrupted");
    failure.initCause(cause);
    return failure;
  }

  Intake intake() {
    return intake;
  }

  /** Sets the sending speed and returns the one it replaces. */
  Pace sendPace(Pace next) {
    Pace previous = sendPace;
    sendPace = next;
    return previous;
  }

  @Override
  public String toString() {
    return "connection " + number + " from " + remoteAddress();
  }
}

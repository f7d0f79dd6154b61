package io.github.tcppool.cli.input;

import io.github.tcppool.framing.Delimiter;
import io.github.tcppool.framing.FrameDecoder;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.framing.None;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads standard input in a thread of its own and cuts it into messages.
 *
 * <p>The thread is needed because a read from standard input cannot be interrupted. After {@link
 * #stop} nothing more is read, and everything read before is in the backlog or the {@link
 * #remainder}; a read that is under way then is abandoned, and what it brings counts as not read.
 */
final class MessageReader implements Runnable {
  private static final int CHUNK_BYTES = 64 << 10;

  private final InputStream in;
  private final Framing format;
  private final FrameDecoder decoder;
  private final Backlog backlog;

  /** Guards the flags. While {@code reading}, the thread touches nothing else. */
  private final ReentrantLock lock = new ReentrantLock();

  private boolean stopped;
  private boolean reading;

  /** Bytes from position 0 up that do not make a whole message yet. */
  private ByteBuffer pending = ByteBuffer.allocate(CHUNK_BYTES);

  private volatile long messages;
  private volatile byte[] remainder = new byte[0];
  private volatile @Nullable IOException failure;

  MessageReader(InputStream in, Framing format, Backlog backlog) {
    this.in = in;
    this.format = format;
    this.decoder = format.newDecoder();
    this.backlog = backlog;
  }

  @Override
  public void run() {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      while (mayRead()) {
        int count = in.read(chunk);
        if (isAbandoned()) {
          return;
        }
        if (count < 0) {
          finish(true);
          return;
        }
        take(chunk, count);
      }
      finish(false);
    } catch (IOException e) {
      if (!isAbandoned()) {
        failure = e;
        finish(false);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but the JVM's end.
      Thread.currentThread().interrupt();
      finish(false);
    }
  }

  /** Reads no more. */
  void stop() {
    lock.lock();
    try {
      if (!stopped) {
        stopped = true;
        if (reading) {
          finish(false);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean mayRead() {
    lock.lock();
    try {
      reading = !stopped;
      return reading;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a read; says whether {@link #stop} has come meanwhile and finished in our place. */
  private boolean isAbandoned() {
    lock.lock();
    try {
      boolean abandoned = reading && stopped;
      reading = false;
      return abandoned;
    } finally {
      lock.unlock();
    }
  }

  private void take(byte[] chunk, int count) throws IOException, InterruptedException {
    if (pending.remaining() < count) {
      pending = ByteBuffer.allocate((pending.position() + count) * 2).put(pending.flip());
    }
    pending.put(chunk, 0, count).flip();
    try {
      for (int length; pending.hasRemaining() && (length = decoder.scan(pending)) > 0; ) {
        int payload = pending.position() + decoder.payloadOffset();
        pass(Arrays.copyOfRange(pending.array(), payload, payload + decoder.payloadLength()));
        pending.position(pending.position() + length);
      }
    } catch (FrameException e) {
      throw new IOException("message " + (messages + 1) + ": " + e.getMessage(), e);
    } finally {
      pending.compact();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void pass(byte[] message) throws InterruptedException {
    backlog.put(message);
    messages++;
  }

  /** At the end of input the last message may lack its end mark; it is whole all the same. */
  private void finish(boolean endOfInput) {
    byte[] rest = Arrays.copyOf(pending.array(), pending.position());
    try {
      if (rest.length > 0 && endOfInput && endsWithInput()) {
        pass(rest);
      } else {
        remainder = rest;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      remainder = rest;
    } finally {
      backlog.end();
    }
  }

  private boolean endsWithInput() {
    return format instanceof Delimiter || format instanceof None;
  }

  /** How many messages were read so far. */
  long messages() {
    return messages;
  }

  /** What was read behind the last whole message; final once the backlog has ended. */
  byte[] remainder() {
    return remainder;
  }

  /** What ended the reading before the end of input, or null. */
  @Nullable IOException failure() {
    return failure;
  }
}

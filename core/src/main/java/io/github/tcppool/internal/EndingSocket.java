package io.github.tcppool.internal;

import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A socket that knows which operations are under way on it, and whether it has ended: one word, so
 * that a use and an end cannot both win. The word is its own, not an object's beside it: one is
 * made per lease.
 *
 * <pre>
 * n >= 0           n operations under way; begin adds one, finish takes one away
 * ENDED | n        no operation begins any more; the one who set ENDED settles the connection.
 *                  With n > 0 it is severed, which wakes those operations; else it is returned
 * </pre>
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
abstract class EndingSocket extends ForwardingSocket {

  private static final String ENDED_TOLD =
      "Socket is closed: its connection was given back to the pool and must not be used any more";

  private static final int ENDED = 1 << 31;

  private static final AtomicIntegerFieldUpdater<EndingSocket> WORD =
      AtomicIntegerFieldUpdater.newUpdater(EndingSocket.class, "word");

  private volatile int word;

  /** One operation. */
  interface Step<E extends IOException> {
    void run() throws E;
  }

  EndingSocket() throws SocketException {}

  final void begin() throws SocketException {
    while (true) {
      int seen = word;
      if (seen < 0) {
        throw ended();
      }
      if (WORD.compareAndSet(this, seen, seen + 1)) {
        return;
      }
    }
  }

  final void finish() {
    int unused = WORD.getAndDecrement(this);
  }

  final <E extends IOException> void run(Step<E> step) throws E, SocketException {
    begin();
    try {
      step.run();
    } finally {
      finish();
    }
  }

  /** How many operations were under way at the end, or -1 if it has ended before. */
  final int markEnded() {
    while (true) {
      int seen = word;
      if (seen < 0) {
        return -1;
      }
      if (WORD.compareAndSet(this, seen, seen | ENDED)) {
        return seen;
      }
    }
  }

  final boolean isEnded() {
    return word < 0;
  }

  static SocketException ended() {
    return new SocketException(ENDED_TOLD);
  }
}

package io.github.tcppool.benchmarks;

import java.io.IOException;

/** One of the sides of a race: connections that are open, and what a thread does with them. */
interface Contender extends AutoCloseable {

  /** Bytes of one message, and of its echo, where nothing else is said. */
  int MESSAGE_BYTES = 64;

  /** The work of one thread, called again and again by that thread alone. */
  interface Operation {
    void perform() throws IOException;
  }

  /** The work of the thread with this index, from 0. */
  Operation operation(int thread);

  @Override
  void close() throws IOException;

  /** A message that all sides use. */
  static byte[] message(int bytes) {
    byte[] message = new byte[bytes];
    for (int i = 0; i < message.length; i++) {
      message[i] = (byte) ('a' + i % 26);
    }
    return message;
  }
}

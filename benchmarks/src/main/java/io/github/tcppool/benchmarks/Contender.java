package io.github.tcppool.benchmarks;

import java.io.IOException;

/** One of the sides of a race: connections that are open, and what a thread does with them. */
interface Contender extends AutoCloseable {

  /** Bytes of one message, and of its echo. */
  int MESSAGE_BYTES = 64;

  /** The work of one thread, called again and again by that thread alone. */
  interface Operation {
    void perform() throws IOException;
  }

  /** The work of the thread with this index, from 0. */
  Operation operation(int thread);

  @Override
  void close() throws IOException;

  /** A message of the size that all sides use. */
  static byte[] message() {
    byte[] message = new byte[MESSAGE_BYTES];
    for (int i = 0; i < message.length; i++) {
      message[i] = (byte) ('a' + i % 26);
    }
    return message;
  }
}

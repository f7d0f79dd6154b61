package io.github.tcppool.proof.fleet;

import io.github.tcppool.proof.checks.Message;
import java.nio.ByteBuffer;

/**
 * One entry of a server's log, {@value #BYTES} bytes on disk.
 *
 * @param kind what happened
 * @param connection the number of the connection, from 1 in each life of the server; 0 for none
 * @param message what was received; for {@link Kind#MESSAGE} only
 * @param tornBytes how many bytes had come of a message that never came whole; for {@link Kind#END}
 * @param nanos when, in {@code System.nanoTime()}, which all processes of a machine share on Linux
 */
record LogRecord(Kind kind, int connection, Message message, long tornBytes, long nanos) {

  /** What can happen. */
  enum Kind {
    /** The server listens, in a new life. */
    START('s'),
    /** A connection was accepted. */
    OPEN('o'),
    /** A message came whole; logged before its reply is sent. */
    MESSAGE('m'),
    /** Bytes came that are no message. */
    CORRUPT('c'),
    /** A connection ended. */
    END('e');

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalStateException("a log must hold known entries, but has " + code);
    }
  }

  static final int BYTES = 40;

  private static final Message NONE = Message.of(0, 0);

  static LogRecord of(Kind kind, int connection, long tornBytes) {
    return new LogRecord(kind, connection, NONE, tornBytes, System.nanoTime());
  }

  static LogRecord received(int connection, Message message) {
    return new LogRecord(Kind.MESSAGE, connection, message, 0, System.nanoTime());
  }

  void put(ByteBuffer to) {
    to.putInt(kind.code).putInt(connection);
    to.putInt(message.sender()).putInt(message.bytes()).putLong(message.id());
    to.putLong(tornBytes).putLong(nanos);
  }

  static LogRecord get(ByteBuffer from) {
    Kind kind = Kind.of(from.getInt());
    int connection = from.getInt();
    int sender = from.getInt();
    int bytes = from.getInt();
    Message message = new Message(sender, from.getLong(), bytes);
    return new LogRecord(kind, connection, message, from.getLong(), from.getLong());
  }
}

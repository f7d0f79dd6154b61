package io.github.tcppool.cli.serve;

import io.github.tcppool.cli.terminal.Escape;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Prints what many clients send, so that the lines of one are never torn by those of another.
 *
 * <p>On a terminal control characters are escaped; elsewhere bytes come out as they came in.
 */
public final class LinePrinter {
  /** A longer line is printed in pieces. */
  private static final int MAX_LINE_BYTES = 64 << 10;

  private final PrintStream out;
  private final boolean escape;
  private final ReentrantLock lock = new ReentrantLock();

  /** Prints to this stream, escaped or not. */
  public LinePrinter(PrintStream out, boolean escape) {
    this.out = out;
    this.escape = escape;
  }

  /** The lines of one more client. */
  Lines lines() {
    return new Lines();
  }

  /** Whether the stream has failed: nobody reads what is printed. */
  public boolean isBroken() {
    return out.checkError();
  }

  /** The lines of one client; for use by one thread. */
  final class Lines {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    void print(byte[] chunk, int length) {
      lock.lock();
      try {
        int begin = 0;
        for (int i = 0; i < length; i++) {
          if (chunk[i] == '\n') {
            line.write(chunk, begin, i - begin);
            printLine("\n");
            begin = i + 1;
          }
        }
        line.write(chunk, begin, length - begin);
        if (line.size() >= MAX_LINE_BYTES) {
          printLine("");
        }
        out.flush();
      } finally {
        lock.unlock();
      }
    }

    /** Prints what is left of a client that has gone. */
    void end() {
      lock.lock();
      try {
        if (line.size() > 0) {
          printLine(escape ? "\n" : "");
        }
        out.flush();
      } finally {
        lock.unlock();
      }
    }

    private void printLine(String end) {
      byte[] bytes = line.toByteArray();
      line.reset();
      if (escape) {
        bytes = Escape.bytes(bytes).getBytes(StandardCharsets.UTF_8);
      }
      out.write(bytes, 0, bytes.length);
      out.write(end.getBytes(StandardCharsets.US_ASCII), 0, end.length());
    }
  }
}

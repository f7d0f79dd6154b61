package io.github.tcppool.cli.terminal;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The last line on a screen, which tells how work is going and is redrawn in place.
 *
 * <p>Lines printed through this object appear above it. Where standard error is no terminal, only
 * these lines appear. For use by several threads.
 */
public final class StatusLine {
  private static final String ERASE = "\r\u001b[K";

  private final Terminal terminal;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean shown;

  /** A status line on standard error. */
  public StatusLine(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Shows how things stand now, in place of what was shown before. */
  public void show(String text) {
    if (!terminal.errIsScreen()) {
      return;
    }
    lock.lock();
    try {
      terminal.err().print(ERASE + Terminal.WRAP_OFF + text + Terminal.WRAP_ON);
      terminal.err().flush();
      shown = true;
    } finally {
      lock.unlock();
    }
  }

  /** Prints a line that stays. */
  public void println(String line) {
    print(() -> terminal.err().println(line));
  }

  /** Writes bytes that stay. */
  public void write(byte[] bytes) {
    print(() -> terminal.err().write(bytes, 0, bytes.length));
  }

  /** Takes the status away. */
  public void clear() {
    print(() -> {});
  }

  private void print(Runnable output) {
    lock.lock();
    try {
      if (shown) {
        terminal.err().print(ERASE);
        shown = false;
      }
      output.run();
      terminal.err().flush();
    } finally {
      lock.unlock();
    }
  }
}

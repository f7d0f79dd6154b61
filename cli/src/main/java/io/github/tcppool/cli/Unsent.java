package io.github.tcppool.cli;

import io.github.tcppool.cli.terminal.Escape;
import io.github.tcppool.cli.terminal.Figures;
import io.github.tcppool.cli.terminal.StatusLine;
import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where messages go that could not be sent, in the format in which they were read: a file, or
 * standard error where none was named or the file cannot be written. For use by several threads.
 */
final class Unsent implements AutoCloseable {
  private static final int MAX_REASONS = 10;

  private final @Nullable Path file;
  private final Framing format;
  private final StatusLine status;
  private final boolean screen;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable OutputStream out;
  private @Nullable IOException failure;
  private long messages;
  private long reasons;

  /**
   * Opens the file, to add to it: what an earlier run left there must not get lost.
   *
   * @param screen whether standard error is a terminal, which gets escaped text
   */
  Unsent(@Nullable Path file, Framing format, StatusLine status, boolean screen)
      throws LocalTroubleException {
    this.file = file;
    this.format = format;
    this.status = status;
    this.screen = screen;
    try {
      out =
          file == null
              ? null
              : Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new LocalTroubleException(
          "cannot write " + file + ": " + e.getClass().getSimpleName(), e);
    }
  }

  /** Takes a message, and tells why it was not sent. */
  void add(byte[] message, Exception reason) {
    lock.lock();
    try {
      reasons++;
      if (reasons <= MAX_REASONS) {
        status.println("tcp-pool: not sent: " + Explain.failure(reason));
      } else if (reasons == MAX_REASONS + 1) {
        status.println("tcp-pool: there are more; their reasons are not shown");
      }
      add(message);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a message that nobody tried to send. */
  void add(byte[] message) {
    keep(InputArguments.frame(format, message));
  }

  /** Takes the beginning of a message that did not come to its end. */
  void addRemainder(byte[] bytes) {
    keep(bytes);
  }

  private void keep(byte[] bytes) {
    lock.lock();
    try {
      messages++;
      if (out == null || !written(out, bytes)) {
        show(bytes);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean written(OutputStream to, byte[] bytes) {
    try {
      to.write(bytes);
      return true;
    } catch (IOException e) {
      failure = e;
      out = null;
      status.println("tcp-pool: cannot write " + file + ": " + Explain.failure(e));
      return false;
    }
  }

  private void show(byte[] bytes) {
    if (screen) {
      status.write((Escape.bytes(bytes) + "\n").getBytes(StandardCharsets.UTF_8));
    } else {
      status.write(bytes);
    }
  }

  /** How many messages were taken. */
  long messages() {
    lock.lock();
    try {
      return messages;
    } finally {
      lock.unlock();
    }
  }

  /** What the user should know in the end. */
  String summary() {
    String where = file == null || failure != null ? "shown above" : "added to " + file;
    return Figures.count(messages(), "message") + " not sent, " + Escape.text(where);
  }

  /** Writes everything out; removes a file in which there is nothing. */
  @Override
  public void close() throws LocalTroubleException {
    lock.lock();
    try {
      if (out != null && file != null) {
        out.close();
        if (Files.isRegularFile(file) && Files.size(file) == 0) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      failure = e;
    } finally {
      lock.unlock();
    }
    if (failure != null) {
      throw new LocalTroubleException("cannot write " + file, failure);
    }
  }
}

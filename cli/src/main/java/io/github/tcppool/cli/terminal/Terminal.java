package io.github.tcppool.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The three streams of a command, and whether a person looks at the two that are written.
 *
 * @param in what the command reads
 * @param out its product: replies, received bytes, tables
 * @param err everything about its work: news, progress, errors, summaries
 * @param outIsScreen whether {@code out} is a terminal, which must never get bytes of a peer as
 *     they are
 * @param errIsScreen whether {@code err} is a terminal, on which a line can be redrawn
 */
public record Terminal(
    InputStream in, PrintStream out, PrintStream err, boolean outIsScreen, boolean errIsScreen) {

  /** Lets long lines be cut at the margin instead of wrapped, so that they can be redrawn. */
  static final String WRAP_OFF = "\u001b[?7l";

  static final String WRAP_ON = "\u001b[?7h";

  /** The streams of this process. */
  public static Terminal ofProcess() {
    boolean able = !"dumb".equals(System.getenv("TERM"));
    return new Terminal(
        System.in, System.out, System.err, able && isScreen(1), able && isScreen(2));
  }

  /**
   * {@code System.console()} would not do: it needs stdin to be a terminal too, which it seldom is.
   */
  @SuppressWarnings("SystemConsoleNull") // asked only where it tells something
  private static boolean isScreen(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    if (!Files.isSymbolicLink(link)) {
      // Not Linux. From JDK 22 on there is a console in any case.
      return Runtime.version().feature() < 22 && System.console() != null;
    }
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false;
    }
  }

  /** Writes out what is buffered, and leaves a screen as it was found. */
  public void restore() {
    if (outIsScreen) {
      out.print(WRAP_ON);
    }
    if (errIsScreen) {
      err.print(WRAP_ON);
    }
    out.flush();
    err.flush();
  }
}

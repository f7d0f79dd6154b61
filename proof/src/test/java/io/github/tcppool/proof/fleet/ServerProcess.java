package io.github.tcppool.proof.fleet;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FrameServer} in a process of its own: it can be killed, stopped in the middle, ended in
 * an orderly way, and started again on the same port. For one thread at a time.
 */
public final class ServerProcess implements AutoCloseable {

  /** What a server does with a message. */
  public enum Mode {
    /** Sends it back. */
    ECHO,
    /** Keeps it to itself. */
    SINK
  }

  private static final long PATIENCE_SECONDS = 20;

  private final Mode mode;
  private final List<String> prefix;
  private final String address;
  private final Path file;
  private final ServerLog log;
  private int port;
  private @Nullable Process process;

  private ServerProcess(Mode mode, List<String> prefix, String address, int port)
      throws IOException {
    this.mode = mode;
    this.prefix = prefix;
    this.address = address;
    this.port = port;
    file = Files.createTempFile("frame-server-", ".log");
    file.toFile().deleteOnExit();
    log = new ServerLog(file, file.getFileName().toString());
  }

  /** Starts one on a free port of 127.0.0.1 and waits until it listens. */
  public static ServerProcess start(Mode mode) throws IOException {
    return start(mode, List.of(), "127.0.0.1", 0);
  }

  /**
   * Starts one and waits until it listens.
   *
   * @param prefix a command that runs the command behind it, such as {@code ip netns exec name}, or
   *     nothing
   * @param port 0 for any free one
   */
  public static ServerProcess start(Mode mode, List<String> prefix, String address, int port)
      throws IOException {
    ServerProcess server = new ServerProcess(mode, List.copyOf(prefix), address, port);
    server.restart();
    return server;
  }

  /** Starts it again on the same port after {@link #kill()} or {@link #stop()}. */
  public void restart() throws IOException {
    if (isAlive()) {
      throw new IllegalStateException("the server must have ended, but runs");
    }
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            FrameServer.class.getName(),
            mode == Mode.ECHO ? "echo" : "sink",
            address,
            Integer.toString(port),
            file.toString()));
    Process started =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process = started;
    try {
      BufferedReader answers = started.inputReader(StandardCharsets.US_ASCII);
      String line = answers.readLine();
      if (line == null) {
        throw new EOFException("the server process ended before it listened");
      }
      port = Integer.parseInt(line);
    } catch (IOException | RuntimeException e) {
      kill();
      throw e;
    }
  }

  /** The port, which stays the same. */
  public int port() {
    return port;
  }

  /** The address as the pool takes it. */
  public String hostPort() {
    return address + ":" + port;
  }

  /** What it has received, in all its lives. */
  public ServerLog log() {
    return log;
  }

  /** Whether it runs, be it stopped in the middle. */
  public boolean isAlive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** Kills it by SIGKILL and waits for its end; does nothing if it has ended. */
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      awaitEnd(running);
    }
  }

  /** Stops it in the middle of whatever it does, by SIGSTOP: its kernel goes on answering. */
  public void freeze() throws IOException {
    Signals.stop(running());
  }

  /** Lets it go on after {@link #freeze()}, by SIGCONT. */
  public void thaw() throws IOException {
    Signals.goOn(running());
  }

  private Process running() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("the server never ran");
    }
    return running;
  }

  /**
   * Ends it in an orderly way: it sends a FIN on every connection, reads each to the client's FIN
   * for at most 2 s, and has ended when this returns.
   */
  public void stop() throws IOException {
    Process running = process;
    if (running == null) {
      return;
    }
    try (BufferedWriter commands = running.outputWriter(StandardCharsets.US_ASCII)) {
      commands.write("stop\n");
    }
    awaitEnd(running);
  }

  private static void awaitEnd(Process ending) {
    try {
      if (ending.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ending.destroyForcibly();
    throw new IllegalStateException("a process did not end: " + ending.info());
  }

  /** Kills it and deletes its log. */
  @Override
  public void close() throws IOException {
    kill();
    Files.deleteIfExists(file);
  }
}

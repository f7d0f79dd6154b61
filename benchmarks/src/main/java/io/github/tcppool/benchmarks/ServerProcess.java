package io.github.tcppool.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A {@link LoadServer} or {@link TlsServer} in a process of its own, as seen by the one who started
 * it.
 */
final class ServerProcess implements AutoCloseable {

  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;
  private final int port;

  private ServerProcess(Process process) throws IOException {
    this.process = process;
    answers = process.inputReader(StandardCharsets.US_ASCII);
    questions = process.outputWriter(StandardCharsets.US_ASCII);
    port = Math.toIntExact(answer());
  }

  /** Starts one and waits until it listens. */
  static ServerProcess start(LoadServer.Mode mode) throws IOException {
    return start(command(LoadServer.class, mode));
  }

  /** Starts one that shows the certificate, and waits until it listens. */
  static ServerProcess startTls(LoadServer.Mode mode, SelfSigned certificate) throws IOException {
    ProcessBuilder command = command(TlsServer.class, mode);
    command.command().add(certificate.store().toString());
    command.environment().put("STORE_PASS", certificate.password());
    return start(command);
  }

  private static ProcessBuilder command(Class<?> server, LoadServer.Mode mode) {
    List<String> words =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            server.getName(),
            mode.name().toLowerCase(Locale.ROOT));
    return new ProcessBuilder(new ArrayList<>(words));
  }

  private static ServerProcess start(ProcessBuilder command) throws IOException {
    Process process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      return new ServerProcess(process);
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  int port() {
    return port;
  }

  long bytesReceived() throws IOException {
    questions.write("bytes\n");
    questions.flush();
    return answer();
  }

  /**
   * Waits until everything that was sent has arrived.
   *
   * @param expected bytes received in all
   * @throws IllegalStateException if more arrive, or fewer within 20 s
   */
  void awaitBytes(long expected) throws IOException {
    long begun = System.nanoTime();
    long seen = bytesReceived();
    while (seen < expected && System.nanoTime() - begun < SETTLE_NANOS) {
      seen = bytesReceived();
    }
    if (seen != expected) {
      throw new IllegalStateException(
          "server must have received " + expected + " bytes, but received " + seen);
    }
  }

  private long answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new EOFException("server process ended");
    }
    return Long.parseLong(line);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends the process and waits for its end. */
  @Override
  public void close() throws IOException {
    questions.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

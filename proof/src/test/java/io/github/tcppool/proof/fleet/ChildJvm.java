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
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program of the proofs in a JVM of its own, for what cannot be done to the JVM of the tests: a
 * limit, a network namespace, a frozen or a wrong clock. Parent and child talk by lines; whatever
 * the child writes to standard error is part of {@link #errors()}.
 */
public final class ChildJvm implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  private final Process process;
  private final BufferedReader lines;
  private final BufferedWriter orders;
  private final Path errors;

  private ChildJvm(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    lines = process.inputReader(StandardCharsets.UTF_8);
    orders = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts one.
   *
   * @param prefix a command that runs the command behind it, or nothing
   * @param environment what is added to the environment
   * @param options of the JVM
   * @param program a class with a main method
   */
  public static ChildJvm start(
      List<String> prefix,
      Map<String, String> environment,
      List<String> options,
      Class<?> program,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    Path errors = Files.createTempFile("child-jvm-", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    return new ChildJvm(builder.start(), errors);
  }

  /** Starts one under a shell's limit, such as {@code -n 96}. */
  public static ChildJvm startLimited(String limit, Class<?> program, String... arguments)
      throws IOException {
    return start(
        List.of("bash", "-c", "ulimit " + limit + " && exec \"$0\" \"$@\""),
        Map.of(),
        List.of("-Xmx128m"),
        program,
        arguments);
  }

  /** The next line that the child prints. */
  public String readLine() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new EOFException("the child ended; its errors were:\n" + errors());
    }
    return line;
  }

  /** Everything that the child prints until its end; fails if it does not end well. */
  public List<String> readToEnd() throws IOException, InterruptedException {
    List<String> rest = lines.lines().toList();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("the child failed after " + rest + "; its errors were:\n" + errors());
    }
    return rest;
  }

  /** Writes a line to the child's standard input. */
  public void order(String line) throws IOException {
    orders.write(line + "\n");
    orders.flush();
  }

  /** Stops the child in the middle of whatever it does. */
  public void freeze() throws IOException {
    Signals.stop(process);
  }

  /** Lets it go on. */
  public void thaw() throws IOException {
    Signals.goOn(process);
  }

  /** What the child has written to standard error. */
  public String errors() throws IOException {
    return Files.readString(errors);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lines.close();
    Files.deleteIfExists(errors);
  }
}

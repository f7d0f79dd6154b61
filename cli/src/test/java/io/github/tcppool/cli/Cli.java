package io.github.tcppool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.cli.terminal.StopRequest;
import io.github.tcppool.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command run in this process, with its streams at hand. */
final class Cli {
  private static final int CTRL_C = 130;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final StopRequest stop = new StopRequest();
  private final boolean screen;
  private InputStream in = InputStream.nullInputStream();
  private PipedOutputStream keyboard;
  private CompletableFuture<Integer> code;

  private Cli(boolean screen) {
    this.screen = screen;
  }

  /** A command whose output goes to files. */
  static Cli toFiles() {
    return new Cli(false);
  }

  /** A command whose output goes to a terminal. */
  static Cli toScreen() {
    return new Cli(true);
  }

  Cli reading(String input) {
    return reading(new ByteArrayInputStream(input.getBytes(UTF_8)));
  }

  Cli reading(InputStream input) {
    in = input;
    return this;
  }

  /** Lets the command read what {@link #type} is called with. */
  Cli readingKeyboard() {
    keyboard = new PipedOutputStream();
    try {
      return reading(new PipedInputStream(keyboard, 1 << 16));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void type(String text) {
    try {
      keyboard.write(text.getBytes(UTF_8));
      keyboard.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void endInput() {
    try {
      keyboard.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end. */
  Cli run(String... arguments) {
    start(arguments);
    exitCode();
    return this;
  }

  /** Runs a command in the background. */
  Cli start(String... arguments) {
    Terminal terminal =
        new Terminal(
            in,
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            screen,
            screen);
    code =
        CompletableFuture.supplyAsync(
            () -> new Main(terminal, stop).run(arguments), task -> new Thread(task, "cli").start());
    return this;
  }

  /** Does what Ctrl-C does, as soon as the command listens to it. */
  Cli ctrlC() {
    await().until(() -> stop.request(CTRL_C));
    return this;
  }

  int exitCode() {
    try {
      return code.get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the command did not end; standard error: " + err(), e);
    }
  }

  String out() {
    return out.toString(UTF_8);
  }

  String err() {
    return err.toString(UTF_8);
  }

  Cli exitsWith(int expected) {
    assertThat(exitCode()).as("exit code; standard error: %s", err()).isEqualTo(expected);
    return this;
  }

  /** Waits until standard error contains what the pattern says, and returns its first group. */
  String awaitErr(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> compiled.matcher(err()).find() || code.isDone());
    Matcher matcher = compiled.matcher(err());
    assertThat(matcher.find()).as("%s in: %s", pattern, err()).isTrue();
    return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
  }
}

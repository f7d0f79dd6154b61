package io.github.tcppool.proof.fleet;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Signals to other processes. */
final class Signals {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Signals() {}

  /** Sends SIGSTOP and waits until every thread has stopped: until then they may still answer. */
  static void stop(Process process) throws IOException {
    send("STOP", process);
    await("a process that has stopped")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> hasStopped(process.pid()));
  }

  /** Sends SIGCONT. */
  static void goOn(Process process) throws IOException {
    send("CONT", process);
  }

  private static void send(String signal, Process process) throws IOException {
    Process kill =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).inheritIO().start();
    try {
      if (kill.waitFor() != 0) {
        throw new IOException("no signal " + signal + " to process " + process.pid());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static boolean hasStopped(long pid) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path thread : threads.toList()) {
        if (!isStopped(Files.readAllLines(thread.resolve("status")))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isStopped(List<String> status) {
    return status.stream().anyMatch(line -> line.startsWith("State:\tT"));
  }
}

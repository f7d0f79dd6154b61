package io.github.tcppool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, whose names come from a file that it writes itself: its first argument. */
final class HostsJvm {

  private static final int PATIENCE_SECONDS = 60;

  private HostsJvm() {}

  /** Runs a program to its end and returns what it printed. */
  static String run(Class<?> program, Path folder, String... more)
      throws IOException, InterruptedException {
    Path hosts = folder.resolve("hosts");
    Path log = folder.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djdk.net.hosts.file=" + hosts);
    command.add("-Dsun.net.inetaddr.ttl=0");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.add(hosts.toString());
    command.addAll(List.of(more));
    Process child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    child.destroyForcibly();
    assertThat(ended).as("%s has ended", program.getSimpleName()).isTrue();
    return Files.readString(log);
  }
}

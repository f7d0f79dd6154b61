package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in a JVM of its own, with less of something than this one has. */
final class Child {

  private Child() {}

  /** Runs it to its end, and returns the lines that it printed; fails if it does. */
  static List<String> run(String limits, List<String> jvm, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
    java.addAll(jvm);
    java.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    java.addAll(List.of(arguments));
    List<String> shell = new ArrayList<>(List.of("sh", "-c", limits + " exec \"$@\"", "child"));
    shell.addAll(java);
    Process process = new ProcessBuilder(shell).redirectErrorStream(true).start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = output.lines().toList();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("%s has ended", program).isTrue();
      assertThat(process.exitValue()).as("%s said %s", program.getSimpleName(), lines).isZero();
      return lines;
    } finally {
      process.destroyForcibly();
    }
  }

  /** The number behind this word and an equals sign, in whichever line has it. */
  static long figure(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + "="))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + lines));
  }
}

package io.github.tcppool.proof.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of callers share four connections; every one is served and gets its own answers. */
class ManyCallersTest {

  private static final Pattern RESULT =
      Pattern.compile("served=(\\d+) accepted=(\\d+) millis=(\\d+)");

  @TempDir Path directory;

  /** On two carriers, and no more even if some were pinned: then nobody would go on. */
  @Test
  void tenThousandVirtualThreadsOnTwoCarriersFinish() throws Exception {
    assertAllAreServed(ThreadKind.VIRTUAL.orAbort(), 10_000);
  }

  @Test
  void aThousandPlatformThreadsFinish() throws Exception {
    assertAllAreServed(ThreadKind.PLATFORM, 1_000);
  }

  private void assertAllAreServed(ThreadKind kind, int callers) throws Exception {
    String output = run(kind.name(), String.valueOf(callers));
    Matcher result = RESULT.matcher(output);
    assertThat(result.find()).as(output).isTrue();
    Figures.report(
        String.format("%,d %s threads over 4 connections: %s", callers, kind, result.group()));
    assertThat(result.group(1)).isEqualTo(String.valueOf(callers));
    assertThat(result.group(2)).as("connections made").isEqualTo("4");
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djdk.virtualThreadScheduler.parallelism=2",
            "-Djdk.virtualThreadScheduler.maxPoolSize=2",
            "-cp",
            System.getProperty("java.class.path"),
            ManyCallersMain.class.getName());
    command.command().addAll(List.of(arguments));
    Process child = command.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertThat(child.waitFor(90, TimeUnit.SECONDS)).as("the callers finish").isTrue();
    } finally {
      child.destroyForcibly();
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}

package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plants one mistake after the other in the engine and expects the suites that ship to catch it: a
 * suite whose budget is too small passes silently, and this is how one notices.
 *
 * <p>The suites run in the order of their cost until one fails; with {@code -Dtcppool.allSuites}
 * they all run, to see what each is good for.
 */
@Tag("mutants")
class MutantsTest {

  private static final long LIMIT_SECONDS = 300;

  @TempDir Path folder;

  static List<Mutant> mutants() {
    return Mutant.ALL;
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void everyMistakeIsCaught(Mutant mutant) throws Exception {
    mutant.plantIn(folder);
    List<Suite> caughtBy = new ArrayList<>();
    for (Suite suite : Suite.values()) {
      long start = System.nanoTime();
      String failed = run(suite);
      if (failed != null) {
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
            "mutant: %s: caught by %s after %.1f s: %s%n", mutant.name(), suite, seconds, failed);
        caughtBy.add(suite);
        if (!Boolean.getBoolean("tcppool.allSuites")) {
          break;
        }
      }
    }
    assertThat(caughtBy).as("suites that caught: %s", mutant.name()).isNotEmpty();
  }

  /** What failed first, or null if the suite passed. */
  private String run(Suite suite) throws IOException, InterruptedException {
    Path output = folder.resolve(suite + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+EnableDynamicAgentLoading");
    command.add("-cp");
    command.add(folder + ":" + System.getProperty("java.class.path"));
    command.add(Suite.class.getName());
    command.add(suite.name());
    Process child =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!child.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      child.destroyForcibly().waitFor();
      return "it never ended";
    }
    return switch (child.exitValue()) {
      case Suite.PASSED -> null;
      case Suite.FAILED -> lastLine(output);
      default -> throw new AssertionError("the suite could not run: " + Files.readString(output));
    };
  }

  private static String lastLine(Path output) {
    try (Stream<String> lines = Files.lines(output)) {
      return lines.filter(line -> line.startsWith(Suite.MARK)).findFirst().orElse("?");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

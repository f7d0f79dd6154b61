package io.github.tcppool.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs the tests of what the memory model allows, in JVMs of their own. */
@Tag("slow")
class MemoryModelTest {

  private static final long LIMIT_MINUTES = 20;

  @Test
  void theLockFreeWordsHaveNoOutcomeThatTheyMustNotHave() throws Exception {
    Path folder = Path.of("target", "jcstress").toAbsolutePath();
    Files.createDirectories(folder);
    Path output = folder.resolve("output.txt");
    Process run =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "org.openjdk.jcstress.Main",
                    "-m",
                    System.getProperty("tcppool.jcstress", "quick"),
                    "-c",
                    "2",
                    "-r",
                    folder.toString()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = run.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
    run.destroyForcibly();
    String told = Files.readString(output);
    assertThat(ended).as("ended in time: %s", told).isTrue();
    assertThat(run.exitValue()).as(told).isZero();
    assertThat(told)
        .contains("RUN RESULTS:")
        .contains("Failed tests: No matches.")
        .contains("Error tests: No matches.")
        .doesNotContain("would not run");
  }
}

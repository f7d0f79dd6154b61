package io.github.tcppool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What SECURITY.md says the sources do not do. */
class NothingCleverTest {

  private static final List<String> SHIPPED = List.of("core", "testkit", "cli");

  private static List<Path> sources() throws IOException {
    Path root = Path.of("..");
    return SHIPPED.stream()
        .map(module -> root.resolve(module).resolve("src/main/java"))
        .flatMap(NothingCleverTest::filesBelow)
        .filter(file -> file.toString().endsWith(".java"))
        .toList();
  }

  private static Stream<Path> filesBelow(Path dir) {
    try (Stream<Path> files = Files.walk(dir)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "setAccessible",
        "sun.misc.Unsafe",
        "jdk.internal",
        "ObjectInputStream",
        "readObject",
        "XMLDecoder",
        "javax.naming",
        "ScriptEngine"
      })
  void noSourceUses(String name) throws IOException {
    assertThat(sources()).hasSizeGreaterThan(100);
    for (Path source : sources()) {
      assertThat(Files.readString(source)).as(source.toString()).doesNotContain(name);
    }
  }

  @Test
  void theModuleExportsNoInternalPackage() throws IOException {
    String module = Files.readString(Path.of("src/main/java/module-info.java"));
    assertThat(module).contains("exports io.github.tcppool;").doesNotContain("internal");
  }
}

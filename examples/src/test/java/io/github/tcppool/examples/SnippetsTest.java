package io.github.tcppool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every Java snippet of README and guide stands, line for line, in an example that compiles and
 * runs.
 */
class SnippetsTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "docs/guide/send.md",
        "docs/guide/discovery.md",
        "docs/guide/exchange.md",
        "docs/guide/framing.md",
        "docs/guide/lease.md",
        "docs/guide/choosing-a-balancer.md",
        "docs/guide/outbox.md",
        "docs/guide/receive.md",
        "docs/guide/sockets.md",
        "docs/guide/tls.md",
        "docs/guide/operations.md",
        "docs/guide/health.md"
      })
  void every_snippet_stands_in_an_example(String page) throws IOException {
    Matcher snippets = SNIPPET.matcher(Files.readString(ROOT.resolve(page)));
    List<String> sources = sources();
    int found = 0;
    while (snippets.find()) {
      String snippet = squeezed(snippets.group(1));
      assertThat(sources).as(snippet).anyMatch(source -> source.contains(snippet));
      found++;
    }
    assertThat(found).isPositive();
  }

  private static List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        sources.add(squeezed(Files.readString(file)));
      }
    }
    return sources;
  }

  /** Without indentation, which is another one in a page. */
  private static String squeezed(String code) {
    return code.replaceAll("(?m)^\\s+", "").strip();
  }
}

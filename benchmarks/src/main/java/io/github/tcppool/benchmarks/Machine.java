package io.github.tcppool.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.stream.Stream;

/** Where the figures come from: processor, memory, system, JDK. */
final class Machine {

  private Machine() {}

  /** One sentence about the machine and one about the JDK. */
  static String describe() {
    return String.format(
        Locale.ROOT,
        "Measured on %s: %d processors (%s), %s %s, loopback. %s %s, default options of the JVM.",
        LocalDate.now(ZoneOffset.UTC),
        Runtime.getRuntime().availableProcessors(),
        processor(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        ManagementFactory.getRuntimeMXBean().getVmName(),
        Runtime.version());
  }

  /** The same in one line below a plot. */
  static String describeBriefly() {
    return String.format(
        Locale.ROOT,
        "%s, JDK %s, %d processors (%s), loopback",
        LocalDate.now(ZoneOffset.UTC),
        Runtime.version().feature(),
        Runtime.getRuntime().availableProcessors(),
        processor());
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch"); // not Linux
    }
  }
}

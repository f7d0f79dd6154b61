package io.github.tcppool.discovery;

import io.github.tcppool.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Reads a file every second: cheaper and surer than to be told by every kind of file system. */
final class WatchedFile implements Discovery {

  private static final int MAX_BYTES = 1 << 20;
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private final Path file;

  WatchedFile(Path file) {
    this.file = Objects.requireNonNull(file, "file must not be null");
  }

  @Override
  public Duration refresh(Sink sink) throws IOException {
    sink.push(parse(read()));
    return INTERVAL;
  }

  private String read() throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new IOException(file + " is larger than 1 MiB");
    }
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private List<Endpoint> parse(String text) throws IOException {
    List<Endpoint> endpoints = new ArrayList<>();
    String[] lines = text.split("\\R", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].replaceFirst("#.*", "").strip();
      if (!line.isEmpty()) {
        try {
          endpoints.add(endpoint(SPACES.split(line, -1)));
        } catch (IllegalArgumentException e) {
          throw new IOException(file + ", line " + (i + 1) + ": " + e.getMessage(), e);
        }
      }
    }
    return endpoints;
  }

  private static Endpoint endpoint(String[] words) {
    Endpoint endpoint = Endpoint.parse(words[0]);
    Map<String, String> labels = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "after host:port there must be key=value, but was \"" + words[i] + "\"");
      }
      String key = words[i].substring(0, equals);
      String value = words[i].substring(equals + 1);
      switch (key) {
        case "weight" -> endpoint = endpoint.withWeight(number(key, value));
        case "priority" -> endpoint = endpoint.withPriority(number(key, value));
        default -> labels.put(key, value);
      }
    }
    return endpoint.withLabels(labels);
  }

  private static int number(String key, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " must be a number, but was \"" + value + "\"", e);
    }
  }

  @Override
  public String toString() {
    return "file " + file;
  }
}

package io.github.tcppool;

import io.github.tcppool.framing.Framing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** Refuses bad options with a message that names the rule and the value. */
final class Require {

  /** About 73 years: the longest time that a clock in nanoseconds can compare. */
  static final Duration MAX = Duration.ofNanos(Long.MAX_VALUE / 4);

  private Require() {}

  static int atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + " must be at least " + least + ", but was " + value);
    }
    return value;
  }

  /** A duration of at least 0, cut to what the clock can count. */
  static Duration notNegative(String name, Duration value) {
    Objects.requireNonNull(value, () -> name + " must not be null");
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, but was " + value);
    }
    return value.compareTo(MAX) > 0 ? MAX : value;
  }

  /** A duration of at least a millisecond, cut to what the clock can count. */
  static Duration positive(String name, Duration value) {
    Duration checked = notNegative(name, value);
    if (checked.toMillis() < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 ms, but was " + value);
    }
    return checked;
  }

  /** At least one endpoint, none of them twice. */
  static List<Endpoint> endpoints(List<Endpoint> given) {
    List<Endpoint> endpoints =
        List.copyOf(Objects.requireNonNull(given, "endpoints must not be null"));
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("endpoints must be at least 1, but were 0");
    }
    Set<String> seen = new HashSet<>();
    for (Endpoint endpoint : endpoints) {
      if (!seen.add(endpoint.toString().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "endpoints must differ, but \"" + endpoint + "\" came twice");
      }
    }
    return endpoints;
  }

  /** Endpoints as they are written, each {@code host:port} or {@code [ipv6]:port}. */
  static List<Endpoint> parsed(String... endpoints) {
    Objects.requireNonNull(endpoints, "endpoints must not be null");
    List<Endpoint> parsed = new ArrayList<>(endpoints.length);
    for (String endpoint : endpoints) {
      parsed.add(Endpoint.parse(endpoint));
    }
    return parsed;
  }

  /** A framing whose limits make sense. */
  static Framing framing(Framing value) {
    Objects.requireNonNull(value, "framing must not be null");
    atLeast("maxMessageBytes of the framing", value.maxMessageBytes(), 1);
    int overhead = value.maxOverheadBytes();
    if (overhead < 0 || overhead > Framing.MAX_OVERHEAD_BYTES) {
      throw new IllegalArgumentException(
          "maxOverheadBytes of the framing must be 0 to 64, but was " + overhead);
    }
    return value;
  }

  /** A name that logs can show. */
  static String poolName(String name) {
    Objects.requireNonNull(name, "name must not be null");
    if (name.isBlank() || name.length() > 64) {
      throw new IllegalArgumentException(
          "name must have 1 to 64 characters, but was \"" + name + "\"");
    }
    for (int i = 0; i < name.length(); i++) {
      if (Character.isISOControl(name.charAt(i))) {
        throw new IllegalArgumentException(
            String.format(
                "name must have no control character, but has 0x%02x at %d",
                (int) name.charAt(i), i));
      }
    }
    return name;
  }
}

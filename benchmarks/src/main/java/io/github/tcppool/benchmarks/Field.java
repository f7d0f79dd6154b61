package io.github.tcppool.benchmarks;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The contenders of one race: opens what takes part, in order, and closes it again. */
final class Field implements AutoCloseable {

  /** How one contender gets its connections. */
  interface Opener {
    Contender open() throws IOException;
  }

  private final Map<String, Contender> open = new LinkedHashMap<>();

  Field with(String name, Opener opener) throws IOException {
    try {
      open.put(name, opener.open());
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
    return this;
  }

  /** By name, in the order in which they were opened. */
  Map<String, Contender> all() {
    return open;
  }

  @Override
  public void close() throws IOException {
    for (Contender one : open.values()) {
      one.close();
    }
  }
}

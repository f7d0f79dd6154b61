package io.github.tcppool.proof.fleet;

import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Received;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a server has written down, also after it was killed: its log is a file to which every
 * entry is written at once, and what a process has handed to the kernel outlives the process.
 *
 * <p>Reads on from where the last read ended. Not for two threads at once.
 */
public final class ServerLog {

  private static final int BATCH_BYTES = LogRecord.BYTES * 4096;

  private final Path file;
  private final String name;
  private final Map<String, Connection> connections = new TreeMap<>();
  private final ByteBuffer batch = ByteBuffer.allocate(BATCH_BYTES);
  private long position;
  private int lives;
  private long startedNanos;
  private long firstMessageNanos;

  /** What came by one connection so far. */
  private static final class Connection {
    private final List<Message> messages = new ArrayList<>();
    private @Nullable String corruption;
    private long tornBytes;
    private boolean ended;
  }

  /** Reads this file, for the server of this name. */
  ServerLog(Path file, String name) {
    this.file = file;
    this.name = name;
  }

  /** What the server has received, in all its lives, each connection by itself. */
  public List<Received> received() throws IOException {
    readOn();
    List<Received> all = new ArrayList<>(connections.size());
    connections.forEach(
        (key, one) ->
            all.add(
                new Received(
                    name + "#" + key, List.copyOf(one.messages), one.tornBytes, one.corruption)));
    return all;
  }

  /** How many connections the server has open; those of an earlier life are not. */
  public int open() throws IOException {
    readOn();
    String life = lives + ".";
    return (int)
        connections.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(life) && !entry.getValue().ended)
            .count();
  }

  /** How many connections were ever accepted. */
  public int accepted() throws IOException {
    readOn();
    return connections.size();
  }

  /** How many messages were received. */
  public long messages() throws IOException {
    readOn();
    return connections.values().stream().mapToLong(one -> one.messages.size()).sum();
  }

  /** When the server began to listen in its latest life, in {@code System.nanoTime()}. */
  public long startedNanos() throws IOException {
    readOn();
    return startedNanos;
  }

  /** When the first message of the latest life came, in {@code System.nanoTime()}; 0 for none. */
  public long firstMessageNanos() throws IOException {
    readOn();
    return firstMessageNanos;
  }

  /** Forgets the messages read so far, and the connections that have ended, for runs that last. */
  public void forget() {
    String life = lives + ".";
    connections.entrySet().removeIf(one -> one.getValue().ended || !one.getKey().startsWith(life));
    connections.values().forEach(one -> one.messages.clear());
  }

  private void readOn() throws IOException {
    try (FileChannel log = FileChannel.open(file, StandardOpenOption.READ)) {
      while (log.read(batch.clear(), position) > 0) {
        batch.flip();
        while (batch.remaining() >= LogRecord.BYTES) {
          take(LogRecord.get(batch));
          position += LogRecord.BYTES;
        }
        if (batch.hasRemaining()) {
          return; // half an entry, which is being written
        }
      }
    }
  }

  private void take(LogRecord entry) {
    if (entry.kind() == LogRecord.Kind.START) {
      lives++;
      startedNanos = entry.nanos();
      firstMessageNanos = 0;
      return;
    }
    Connection connection =
        connections.computeIfAbsent(lives + "." + entry.connection(), key -> new Connection());
    switch (entry.kind()) {
      case MESSAGE -> {
        connection.messages.add(entry.message());
        firstMessageNanos = firstMessageNanos == 0 ? entry.nanos() : firstMessageNanos;
      }
      case CORRUPT -> connection.corruption = "bytes that are no message";
      case END -> {
        connection.ended = true;
        connection.tornBytes = entry.tornBytes();
      }
      case START, OPEN -> {}
    }
  }
}

package io.github.tcppool.internal.dns;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Queries and answers as they stand on the wire (RFC 1035, 2782, 3596). What comes from a server is
 * never trusted: lengths are checked, pointers only lead backwards, names are printable.
 */
final class DnsMessage {

  static final int A = 1;
  static final int CNAME = 5;
  static final int AAAA = 28;
  static final int SRV = 33;

  private static final int IN = 1;
  private static final int HEADER_BYTES = 12;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int RESPONSE = 0x8000;
  private static final int OPCODE = 0x7800;
  private static final int TRUNCATED = 0x0200;
  private static final int MAX_NAME_CHARS = 253;
  private static final int MAX_LABEL_BYTES = 63;

  /** A resource record; of its data only what belongs to its type is set. */
  record Resource(
      String name,
      int type,
      long ttlSeconds,
      @Nullable InetAddress address,
      int priority,
      int weight,
      int port,
      String target) {}

  /** What a server answered. */
  record Answer(int code, boolean truncated, List<Resource> resources) {}

  private DnsMessage() {}

  /** A query for one name and type. */
  static byte[] query(int id, String name, int type) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int value : new int[] {id, RECURSION_DESIRED, 1, 0, 0, 0}) {
      put(out, value);
    }
    for (String label : absolute(name).split("\\.", -1)) {
      out.write(label.length());
      for (int i = 0; i < label.length(); i++) {
        out.write(label.charAt(i));
      }
    }
    out.write(0);
    put(out, type);
    put(out, IN);
    return out.toByteArray();
  }

  private static void put(ByteArrayOutputStream out, int value) {
    out.write(value >>> 8);
    out.write(value);
  }

  /** Without the dot that may stand at its end. */
  static String absolute(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** Refuses what cannot be asked for. */
  static void requireName(String name) {
    String asked = absolute(name);
    boolean fits = !asked.isEmpty() && asked.length() <= MAX_NAME_CHARS;
    for (String label : asked.split("\\.", -1)) {
      fits &= !label.isEmpty() && label.length() <= MAX_LABEL_BYTES;
      fits &= label.chars().allMatch(c -> c > ' ' && c < 127);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "DNS name must have 1 to 253 characters in labels of 1 to 63 ASCII characters, but was \""
              + (name.length() > 100 ? name.substring(0, 100) + "..." : name)
              + "\"");
    }
  }

  /** Whether these bytes answer this query, and not somebody else's. */
  static boolean answers(ByteBuffer message, byte[] query) {
    if (message.remaining() < query.length) {
      return false;
    }
    int flags = message.getShort(2) & 0xffff;
    boolean same =
        message.getShort(0) == (short) (((query[0] & 0xff) << 8) | (query[1] & 0xff))
            && (flags & RESPONSE) != 0
            && (flags & OPCODE) == 0
            && message.getShort(4) == 1;
    for (int i = HEADER_BYTES; same && i < query.length; i++) {
      same = lower(message.get(i)) == lower(query[i]);
    }
    return same;
  }

  private static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }

  /** Reads an answer to a query of this many bytes, whose question it repeats. */
  static Answer parse(ByteBuffer message, int queryBytes) throws IOException {
    try {
      int flags = message.getShort(2);
      int count = message.getShort(6) & 0xffff;
      List<Resource> resources = new ArrayList<>();
      message.position(queryBytes);
      boolean truncated = (flags & TRUNCATED) != 0;
      for (int i = 0; i < count && !truncated; i++) {
        resources.add(resource(message));
      }
      return new Answer(flags & 0xf, truncated, resources);
    } catch (RuntimeException e) { // it ends too early, or says what cannot be
      throw new IOException("malformed answer from the DNS server", e);
    }
  }

  private static Resource resource(ByteBuffer message) {
    String name = name(message);
    int type = message.getShort() & 0xffff;
    int kind = message.getShort() & 0xffff;
    long ttl = Math.max(0, message.getInt()); // RFC 2181: the highest bit means 0
    int length = message.getShort() & 0xffff;
    int end = message.position() + length;
    if (end > message.limit()) {
      throw new IllegalArgumentException("record longer than the message");
    }
    InetAddress address = null;
    int priority = 0;
    int weight = 0;
    int port = 0;
    String target = "";
    if (kind == IN && (type == A || type == AAAA)) {
      address = address(message, length, type == A ? 4 : 16);
    } else if (kind == IN && type == CNAME) {
      target = name(message);
    } else if (kind == IN && type == SRV) {
      priority = unsigned(message);
      weight = unsigned(message);
      port = unsigned(message);
      target = name(message);
    }
    message.position(end);
    int known = kind == IN ? type : 0;
    return new Resource(name, known, ttl, address, priority, weight, port, target);
  }

  private static InetAddress address(ByteBuffer message, int length, int expected) {
    if (length != expected) {
      throw new IllegalArgumentException("address of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    message.get(bytes);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static int unsigned(ByteBuffer message) {
    return message.getShort() & 0xffff;
  }

  /** A name, whose rest may stand earlier in the message. */
  private static String name(ByteBuffer message) {
    StringBuilder name = new StringBuilder();
    int after = -1;
    int least = message.position();
    while (true) {
      int length = message.get() & 0xff;
      if (length == 0) {
        break;
      }
      if (length >= 0xc0) {
        int to = ((length & 0x3f) << 8) | (message.get() & 0xff);
        after = after < 0 ? message.position() : after;
        if (to >= least) { // else it might never end
          throw new IllegalArgumentException("pointer that does not lead backwards");
        }
        least = to;
        message.position(to);
        continue;
      }
      label(message, length, name);
    }
    if (after >= 0) {
      message.position(after);
    }
    return name.toString();
  }

  private static void label(ByteBuffer message, int length, StringBuilder name) {
    if (length > MAX_LABEL_BYTES || name.length() + length + 1 > MAX_NAME_CHARS + 1) {
      throw new IllegalArgumentException("name too long");
    }
    if (name.length() > 0) {
      name.append('.');
    }
    for (int i = 0; i < length; i++) {
      int c = message.get();
      if (c <= ' ' || c == 127 || c == '.') {
        throw new IllegalArgumentException("name that cannot be shown");
      }
      name.append((char) c);
    }
  }
}

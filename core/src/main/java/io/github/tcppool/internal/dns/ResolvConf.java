package io.github.tcppool.internal.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The DNS servers of the system, as far as it tells: Unix does, in a file. */
final class ResolvConf {

  private static final Path FILE = Path.of("/etc/resolv.conf");
  private static final int MAX_SERVERS = 3;
  private static final int MAX_BYTES = 1 << 16;
  private static final int DNS_PORT = 53;
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private ResolvConf() {}

  /** The first three servers. */
  static List<InetSocketAddress> servers() throws IOException {
    if (!Files.isReadable(FILE) || Files.size(FILE) > MAX_BYTES) {
      throw new IOException(
          "no DNS server is known, as there is no " + FILE + " here; name one in DnsOptions");
    }
    return parse(Files.readString(FILE, StandardCharsets.ISO_8859_1));
  }

  static List<InetSocketAddress> parse(String text) throws IOException {
    List<InetSocketAddress> servers = new ArrayList<>();
    for (String line : text.split("\\R", -1)) {
      String[] words = SPACES.split(line.strip(), -1);
      if (words.length >= 2 && words[0].equals("nameserver") && servers.size() < MAX_SERVERS) {
        try {
          servers.add(new InetSocketAddress(DnsClient.requireLiteral(words[1]), DNS_PORT));
        } catch (IllegalArgumentException e) {
          throw new IOException(FILE + ": " + e.getMessage(), e);
        }
      }
    }
    if (servers.isEmpty()) {
      throw new IOException("no DNS server is known, as " + FILE + " names none");
    }
    return servers;
  }
}

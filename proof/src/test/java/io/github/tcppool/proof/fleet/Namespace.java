package io.github.tcppool.proof.fleet;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace that a test makes for itself, joined to the test's own by a pair of virtual
 * devices, with a firewall of its own. Needs root, {@code ip} and {@code iptables}; where they are
 * missing, {@link #open} ends the test by an assumption that says so.
 */
public final class Namespace implements AutoCloseable {

  private static final AtomicInteger MADE = new AtomicInteger();
  private static final long PATIENCE_SECONDS = 10;

  private final String name;
  private final String device;
  private final String address;

  private Namespace(int number) {
    long pid = ProcessHandle.current().pid();
    name = "tcp-pool-" + pid + "-" + number;
    device = "tp" + pid % 1_000_000 + "x" + number;
    int subnet = (int) ((pid * 16 + number) % (1 << 14));
    address = "10.213." + (subnet >> 6) + "." + (subnet % 64) * 4;
  }

  /** Makes one, or ends the test because the machine does not allow it. */
  public static Namespace open() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
    for (String tool : List.of("ip", "iptables")) {
      assumeTrue(isThere(tool), tool + " is missing (Debian packages iproute2 and iptables)");
    }
    Namespace made = new Namespace(MADE.incrementAndGet());
    try {
      made.make();
      made.inside("iptables", "-L", "-n");
      return made;
    } catch (IOException e) {
      made.close();
      return abort("no network namespaces here: " + e.getMessage());
    }
  }

  private static boolean isThere(String tool) throws IOException {
    return run(List.of("bash", "-c", "command -v " + tool)) == 0;
  }

  private void make() throws IOException {
    must("ip", "netns", "add", name);
    must("ip", "link", "add", device + "h", "type", "veth", "peer", "name", device + "n");
    must("ip", "link", "set", device + "n", "netns", name);
    must("ip", "addr", "add", near() + "/30", "dev", device + "h");
    must("ip", "link", "set", device + "h", "up");
    inside("ip", "addr", "add", address() + "/30", "dev", device + "n");
    inside("ip", "link", "set", device + "n", "up");
    inside("ip", "link", "set", "lo", "up");
  }

  private String near() {
    return plus(1);
  }

  /** The address inside, as the test reaches it. */
  public String address() {
    return plus(2);
  }

  private String plus(int host) {
    int dot = address.lastIndexOf('.') + 1;
    return address.substring(0, dot) + (Integer.parseInt(address.substring(dot)) + host);
  }

  /** The command in front of one that is to run inside. */
  public List<String> prefix() {
    return List.of("ip", "netns", "exec", name);
  }

  /** Lets nothing of TCP in or out: a power cut, or a firewall that drops. */
  public void drop() throws IOException {
    inside("iptables", "-I", "INPUT", "-p", "tcp", "-j", "DROP");
    inside("iptables", "-I", "OUTPUT", "-p", "tcp", "-j", "DROP");
  }

  /** Answers whatever comes in by a RST. */
  public void reject() throws IOException {
    inside("iptables", "-I", "INPUT", "-p", "tcp", "-j", "REJECT", "--reject-with", "tcp-reset");
  }

  /** Loses packets that come in, at random. */
  public void lose(double share) throws IOException {
    inside(
        "iptables",
        "-I",
        "INPUT",
        "-p",
        "tcp",
        "-m",
        "statistic",
        "--mode",
        "random",
        "--probability",
        Double.toString(share),
        "-j",
        "DROP");
  }

  /** Takes all rules away. */
  public void heal() throws IOException {
    inside("iptables", "-F");
  }

  /** Lets clients inside have these ports only. */
  public void limitPorts(int first, int last) throws IOException {
    String range = "/proc/sys/net/ipv4/ip_local_port_range";
    inside("bash", "-c", "echo " + first + " " + last + " > " + range);
  }

  private void inside(String... command) throws IOException {
    List<String> all = new ArrayList<>(prefix());
    all.addAll(List.of(command));
    must(all.toArray(String[]::new));
  }

  private static void must(String... command) throws IOException {
    if (run(List.of(command)) != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  private static int run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + " does not end; it said " + said);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Takes the namespace and its devices away. */
  @Override
  public void close() throws IOException {
    run(List.of("ip", "link", "del", device + "h"));
    run(List.of("ip", "netns", "del", name));
  }
}

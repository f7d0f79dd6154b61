package io.github.tcppool.discovery;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real DNS server on a loopback port: dnsmasq, a process of its own, which can be given other
 * answers, frozen, and killed. Tests are aborted where it is not installed.
 */
final class DnsServer implements AutoCloseable {

  private static final List<Path> PLACES =
      List.of(Path.of("/usr/sbin/dnsmasq"), Path.of("/usr/bin/dnsmasq"));

  final int port = freePort();
  private @Nullable Process process;

  /** Starts it with answers as its command line takes them. */
  static DnsServer answering(String... answers) {
    DnsServer server = new DnsServer();
    server.answer(answers);
    return server;
  }

  /**
   * Free for both protocols, and below those that the system gives to sockets which ask for any: it
   * must still be free when the server comes back to it.
   */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 30_000);
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      try (ServerSocket tcp = new ServerSocket(port, 1, address.getAddress());
          DatagramSocket udp = new DatagramSocket(address)) {
        return Math.min(tcp.getLocalPort(), udp.getLocalPort()); // they are the same
      } catch (IOException e) {
        // taken: another one
      }
    }
  }

  DnsOptions options() {
    return DnsOptions.defaults().servers("127.0.0.1:" + port).timeout(Duration.ofSeconds(20));
  }

  /** Gives other answers from now on. */
  void answer(String... answers) {
    Path program = PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
    assumeTrue(program != null, "dnsmasq is not installed (Debian package dnsmasq-base)");
    kill();
    List<String> command =
        new ArrayList<>(
            List.of(
                String.valueOf(program),
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--user=root",
                "--no-resolv",
                "--no-hosts",
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--port=" + port,
                "--local=/test/"));
    command.addAll(List.of(answers));
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Awaitility.await("dnsmasq").atMost(Duration.ofSeconds(30)).until(this::isListening);
  }

  private boolean isListening() {
    if (process == null || !process.isAlive()) {
      throw new AssertionError("dnsmasq ended at once");
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Takes questions and does not answer. */
  void freeze() {
    signal("-STOP");
  }

  void thaw() {
    signal("-CONT");
  }

  private void signal(String signal) {
    try {
      int code =
          new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start().waitFor();
      assumeTrue(code == 0, "kill " + signal + " works");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** From now on the port is closed. */
  void kill() {
    Process running = process;
    if (running == null) {
      return;
    }
    running.destroyForcibly();
    try {
      if (!running.waitFor(30, TimeUnit.SECONDS)) {
        throw new AssertionError("dnsmasq does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    process = null;
  }

  @Override
  public void close() {
    kill();
  }
}

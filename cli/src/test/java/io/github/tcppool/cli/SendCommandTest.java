package io.github.tcppool.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Boundary;
import io.github.tcppool.testkit.TcpPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SendCommandTest {

  @Test
  void sendsEveryLineAndSaysHowMany() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      Cli cli = Cli.toFiles().reading("one\ntwo\nthree\n").run("send", peer.hostPort());

      cli.exitsWith(0);
      assertThat(peer.texts()).containsExactlyInAnyOrder("one\n", "two\n", "three\n");
      assertThat(cli.err()).startsWith("sent 3 messages, 11 B, in ").hasLineCount(1);
      assertThat(cli.out()).isEmpty();
    }
  }

  @Test
  void keepsEmptyLinesAndCarriageReturnsAndAddsOnlyTheMissingEnd() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      Cli.toFiles()
          .reading("dos\r\n\n10%\r20%\nno end")
          .run("send", peer.hostPort(), "--connections", "1", "--quiet")
          .exitsWith(0);

      assertThat(peer.texts()).containsExactly("dos\r\n", "\n", "10%\r20%\n", "no end\n");
    }
  }

  @Test
  void sendsLinesInAnotherFraming() {
    TcpPeer peer =
        TcpPeer.builder().behaviour(Behaviour.sink()).frames(Boundary.lengthPrefix(2)).start();
    try (peer) {
      Cli.toFiles()
          .reading("ab\ncde\n")
          .run("send", peer.hostPort(), "--framing", "length:2", "--connections", "1")
          .exitsWith(0);

      assertThat(peer.texts()).containsExactly("\0\2ab", "\0\3cde");
    }
  }

  @Test
  void readsOtherFormatsThanLines() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      Cli.toFiles()
          .reading("3:one,5:t w o,")
          .run("send", peer.hostPort(), "--input", "netstring", "--connections", "1")
          .exitsWith(0);

      assertThat(peer.texts()).containsExactly("one\n", "t w o\n");
    }
  }

  @Test
  void spreadsMessagesOverServersAndThreads() {
    try (TcpPeer a = TcpPeer.start(Behaviour.sink());
        TcpPeer b = TcpPeer.start(Behaviour.sink())) {
      String input = lines(100_000); // long enough for both to be connected
      Cli cli =
          Cli.toFiles()
              .reading(input)
              .run("send", a.hostPort(), b.hostPort(), "--threads", "4", "--connections", "2:4");

      cli.exitsWith(0);
      assertThat(a.framesReceived() + b.framesReceived()).isEqualTo(100_000);
      assertThat(a.framesReceived()).isPositive();
      assertThat(b.framesReceived()).isPositive();
      assertThat(cli.err()).contains(a.hostPort() + "  ", b.hostPort() + "  ");
    }
  }

  @Test
  void ignoresWhatServersSayInReturn() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sends("220 hello\r\n").then(Behaviour.echo()))) {
      Cli.toFiles().reading(lines(200)).run("send", peer.hostPort()).exitsWith(0);

      assertThat(peer.framesReceived()).isEqualTo(200);
    }
  }

  @Test
  void waitsForAServerThatIsDownAndTellsSo() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      peer.kill();
      Cli cli = Cli.toFiles().readingKeyboard().start("send", peer.hostPort());
      cli.type("hello\n");
      cli.awaitErr(" is down: .*Connection refused");

      peer.restart();

      cli.awaitErr(" is up again after ");
      cli.endInput();
      cli.exitsWith(0);
      assertThat(peer.texts()).containsExactly("hello\n");
    }
  }

  @Test
  void losesNothingWhenTheServerRestartsInBetween() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      Cli cli = Cli.toFiles().readingKeyboard().start("send", peer.hostPort());
      cli.type("line 1\n");
      peer.awaitFrames(1);
      AtomicInteger typed = new AtomicInteger(1);
      CompletableFuture<Boolean> stopped =
          CompletableFuture.supplyAsync(peer::stop, task -> new Thread(task, "stopper").start());
      await()
          .pollInSameThread() // a pipe fails its reader when the thread that wrote last has ended
          .until(
              () -> {
                cli.type("line " + typed.incrementAndGet() + "\n");
                return stopped.isDone();
              });
      assertThat(stopped.join()).isTrue();
      peer.restart();
      cli.endInput();

      cli.exitsWith(0);
      assertThat(peer.texts()).hasSize(typed.get()).doesNotHaveDuplicates();
    }
  }

  @Test
  void sendsWhatWasReadWhenInterrupted() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      Cli cli = Cli.toFiles().readingKeyboard().start("send", peer.hostPort());
      cli.type(lines(100));
      peer.awaitFrames(100);

      cli.ctrlC().exitsWith(130);

      assertThat(cli.err()).contains("sent 100 messages");
    }
  }

  @Test
  void sendsWhatWasReadWhenInterruptedBeforeItCould() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      peer.kill();
      Cli cli = Cli.toScreen().readingKeyboard().start("send", peer.hostPort(), "--drain", "20s");
      cli.type(lines(100));
      cli.awaitErr(" is down: .*Connection refused");
      cli.awaitErr("100 read and waiting");
      cli.ctrlC();
      assertThat(peer.framesReceived()).isZero();

      peer.restart();

      cli.exitsWith(130);
      assertThat(peer.texts()).hasSize(100).doesNotHaveDuplicates();
      assertThat(cli.err()).contains("sent 100 messages");
    }
  }

  @Test
  void showsProgressOnATerminalOnly() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      Cli cli = Cli.toScreen().readingKeyboard().start("send", peer.hostPort());
      cli.type("a\n");
      cli.awaitErr("\r\u001b\\[K\u001b\\[\\?7lsent 1");
      cli.endInput();
      cli.exitsWith(0);
    }
  }

  @Test
  void refusesBadOptionsBeforeItReadsAnything() {
    assertRefused(
        "min connections must not exceed max connections (2), but was 3", "--connections", "3:2");
    assertRefused("connections must be a number or MIN:MAX", "--connections", "many");
    assertRefused("callTimeout must be at least 1 ms, but was PT0S", "--timeout", "0");
    assertRefused("retries must be at least 0, but was -1", "--retries", "-1");
    assertRefused("--threads must be 1 to 1000, but was 0", "--threads", "0");
    assertRefused("--give-up must be at least 0, but was -1", "--give-up", "-1");
    assertRefused("a balancer must be", "--balancer", "best");
    assertRefused("mutually exclusive", "-4", "-6");
  }

  @Test
  void refusesBadEndpoints() {
    assertThat(Cli.toFiles().run("send", "a:1", "localhost:65536").exitsWith(2).err())
        .contains("port must be 1 to 65535, but was 65536");
    assertThat(Cli.toFiles().run("send", "a:1", "a:1").exitsWith(2).err()).contains("came twice");
    assertThat(Cli.toFiles().run("send").exitsWith(2).err()).contains("HOST:PORT");
  }

  private static void assertRefused(String reason, String... arguments) {
    List<String> command = new ArrayList<>(List.of("send", "localhost:1"));
    command.addAll(List.of(arguments));
    Cli cli = Cli.toFiles().reading("x\n").run(command.toArray(String[]::new));
    cli.exitsWith(2);
    assertThat(cli.err()).contains(reason).hasLineCount(2);
  }

  private static String lines(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "line " + i + "\n")
        .collect(Collectors.joining());
  }
}

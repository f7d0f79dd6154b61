package io.github.tcppool.cli.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.tcppool.testkit.PeerConnection;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One of the servers of the demonstration: notes every line, and answers those that ask for it. */
final class Server implements AutoCloseable {
  /** What a request takes; long enough that a kill finds some requests noted and not answered. */
  private static final Duration WORK = Duration.ofMillis(2);

  /** Far more than a demonstration sends. */
  private static final int KEPT_LINES = 1_000_000;

  private final String name;
  private final TcpPeer peer;
  private final AtomicBoolean broken;
  private volatile String state = "running";

  Server(String name) {
    this.name = name;
    AtomicBoolean resets = new AtomicBoolean();
    this.broken = resets;
    this.peer =
        TcpPeer.builder()
            .behaviour(connection -> serve(connection, resets))
            .keepFrames(KEPT_LINES)
            .start();
  }

  private static void serve(PeerConnection connection, AtomicBoolean broken) throws IOException {
    for (byte[] line; (line = connection.readFrame()) != null; ) {
      if (broken.get()) {
        connection.send("o"); // of "ok": who breaks before it has answered at all counts as down
        connection.reset();
        return;
      }
      Message message = Message.parse(line);
      if (message.wantsReply()) {
        connection.delay(WORK);
        connection.send("ok " + message.number() + "\n");
      }
    }
  }

  String name() {
    return name;
  }

  String hostPort() {
    return peer.hostPort();
  }

  /** What the server is doing, in one word. */
  String state() {
    return state;
  }

  /** How many lines its program has read so far. */
  long received() {
    return peer.framesReceived();
  }

  /** The messages that its program has read. */
  List<Message> messages() {
    return peer.frames().stream().map(Message::parse).toList();
  }

  /** Ends as a good server does. */
  void stop() {
    state = "stopping";
    peer.stop();
    state = "stopped";
  }

  /** Reads nothing any more; its kernel goes on taking bytes. */
  void stall() {
    state = "stalled";
    peer.pause();
  }

  void kill() {
    peer.kill();
    state = "killed";
  }

  /** Resets every connection in the middle of its answer. */
  void breakDown() {
    broken.set(true);
    state = "broken";
  }

  void mend() {
    broken.set(false);
    state = "running";
  }

  void restart() {
    peer.resume();
    peer.restart();
    state = "running";
  }

  @Override
  public void close() {
    peer.close();
  }

  /**
   * One numbered line.
   *
   * @param act in which act it was sent
   * @param number which one it is in that act, from 0
   * @param wantsReply whether it is to be answered
   */
  record Message(int act, int number, boolean wantsReply) {

    byte[] line() {
      return ((wantsReply ? "ask " : "take ") + act + " " + number + "\n").getBytes(US_ASCII);
    }

    static Message parse(byte[] line) {
      String[] words = new String(line, US_ASCII).strip().split(" ", -1);
      return new Message(
          Integer.parseInt(words[1]), Integer.parseInt(words[2]), words[0].equals("ask"));
    }
  }
}

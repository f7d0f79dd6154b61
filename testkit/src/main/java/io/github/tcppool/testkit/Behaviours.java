package io.github.tcppool.testkit;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The code behind {@link Behaviour}'s factories, and the rules by which a behaviour is run. */
final class Behaviours {
  private Behaviours() {}

  static void echo(PeerConnection connection) throws IOException {
    for (byte[] bytes; (bytes = connection.read()) != null; ) {
      connection.send(bytes);
    }
  }

  static void drain(PeerConnection connection) throws IOException {
    byte[] bytes;
    do {
      bytes = connection.read();
    } while (bytes != null);
  }

  /** Loses nothing: ends the peer's own side, and takes what the client still sends. */
  static void leave(PeerConnection connection) throws IOException {
    connection.halfClose();
    connection.resume();
    drain(connection);
  }

  static void until(Intake.Limit limit, Behaviour first, Behaviour next, PeerConnection connection)
      throws Exception {
    try {
      first.serve(connection);
      return;
    } catch (Detour detour) {
      if (!detour.isFrom(limit)) {
        throw detour;
      }
    } finally {
      connection.intake().lift(limit);
    }
    next.serve(connection);
  }

  static void reading(Pace pace, Behaviour behaviour, PeerConnection connection) throws Exception {
    Pace before = connection.intake().pace(pace);
    try {
      behaviour.serve(connection);
    } finally {
      connection.intake().pace(before);
    }
  }

  static void sending(Pace pace, Behaviour behaviour, PeerConnection connection) throws Exception {
    Pace before = connection.sendPace(pace);
    try {
      behaviour.serve(connection);
    } finally {
      connection.sendPace(before);
    }
  }

  /** Runs a behaviour and those that replace it, to the connection's end. */
  static void run(Behaviour first, PeerConnection connection, Ledger ledger) {
    connection.intake().own();
    Behaviour current = first;
    try {
      while (current != null) {
        current = runOne(current, connection);
      }
      connection.end(false);
    } catch (IOException e) {
      connection.end(true);
    } catch (Throwable e) {
      // Also an AssertionError: handlers are a place where tests check what they were sent.
      if (connection.isOpen()) {
        ledger.failure(e);
      }
      connection.end(true);
    }
  }

  private static @Nullable Behaviour runOne(Behaviour behaviour, PeerConnection connection)
      throws Exception {
    try {
      behaviour.serve(connection);
      return null;
    } catch (Detour detour) {
      return connection.intake().successor();
    }
  }
}

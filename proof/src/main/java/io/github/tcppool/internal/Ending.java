package io.github.tcppool.internal;

import io.github.tcppool.Endpoint;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;

/** A socket of which only the word matters that says what is under way and whether it has ended. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
final class Ending extends EndingSocket {

  private Ending() throws SocketException {}

  static Ending make() {
    try {
      return new Ending();
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  Socket target() {
    throw new UnsupportedOperationException();
  }

  @Override
  Socket openTarget() {
    throw new UnsupportedOperationException();
  }

  @Override
  void change(SocketOption<?> option, Change change) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Endpoint endpoint() {
    return Endpoint.of("server", 1);
  }

  @Override
  public void discard() {}

  @Override
  public void close() {}
}

package io.github.tcppool.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A plain blocking client, as the tests of others will have one; every read ends within 5 s. */
final class Client implements AutoCloseable {
  final Socket socket;

  private Client(Socket socket) {
    this.socket = socket;
  }

  static Client connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(5));
    socket.setTcpNoDelay(true);
    socket.connect(address, (int) TimeUnit.SECONDS.toMillis(5));
    return new Client(socket);
  }

  Client send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  Client send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Reads exactly so many bytes; fewer if the end comes before. */
  String read(int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
  }

  /** Reads to the end of the stream. */
  String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Reads one byte, or -1 at the end. */
  int readByte() throws IOException {
    return socket.getInputStream().read();
  }

  String exchange(String text) throws IOException {
    return send(text).read(text.length());
  }

  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

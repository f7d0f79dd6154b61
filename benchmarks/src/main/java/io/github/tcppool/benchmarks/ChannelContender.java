package io.github.tcppool.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Plain {@link SocketChannel}s in blocking mode and a direct buffer per thread: as close to the
 * system calls as Java gets.
 */
final class ChannelContender implements Contender {

  private final SocketChannel[] channels;
  private final boolean exchanging;
  private final int bytes;
  private final AtomicInteger turn = new AtomicInteger();

  private ChannelContender(int port, int connections, boolean exchanging, int bytes)
      throws IOException {
    this.exchanging = exchanging;
    this.bytes = bytes;
    channels = new SocketChannel[connections];
    for (int i = 0; i < connections; i++) {
      channels[i] =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channels[i].setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
  }

  /** Shared channels, taken in turn; a channel locks itself while it is written to. */
  static ChannelContender sending(int port, int connections, int bytes) throws IOException {
    return new ChannelContender(port, connections, false, bytes);
  }

  /** One channel held by each thread. */
  static ChannelContender exchanging(int port, int connections, int bytes) throws IOException {
    return new ChannelContender(port, connections, true, bytes);
  }

  @Override
  public Operation operation(int thread) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
    byte[] message = Contender.message(bytes);
    if (!exchanging) {
      return () -> write(channels[next()], buffer.clear().put(message).flip());
    }
    SocketChannel mine = channels[thread];
    byte[] reply = new byte[bytes];
    return () -> {
      write(mine, buffer.clear().put(message).flip());
      buffer.clear();
      while (buffer.hasRemaining()) {
        if (mine.read(buffer) < 0) {
          throw new EOFException("stream ended before the reply");
        }
      }
      buffer.flip().get(reply);
    };
  }

  private int next() {
    return Math.floorMod(turn.getAndIncrement(), channels.length);
  }

  private static void write(SocketChannel channel, ByteBuffer message) throws IOException {
    while (message.hasRemaining()) {
      channel.write(message);
    }
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : channels) {
      channel.close();
    }
  }
}

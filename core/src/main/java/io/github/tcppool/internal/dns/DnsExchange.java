package io.github.tcppool.internal.dns;

import io.github.tcppool.internal.dns.DnsMessage.Answer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/**
 * One question to one server: by UDP, and again by TCP if the answer does not fit. Each question
 * has a port and a number of its own, both drawn at random, and an answer to anything else is
 * passed over, so that answers are hard to forge.
 */
final class DnsExchange {

  private static final int MAX_UDP_BYTES = 4096;
  private static final SecureRandom RANDOM = new SecureRandom();

  private DnsExchange() {}

  static Answer ask(InetSocketAddress server, String name, int type, long timeoutNanos)
      throws IOException {
    byte[] query = DnsMessage.query(RANDOM.nextInt(1 << 16), name, type);
    long deadline = System.nanoTime() + timeoutNanos;
    Answer answer = DnsMessage.parse(byUdp(server, query, deadline), query.length);
    if (!answer.truncated()) {
      return answer;
    }
    return DnsMessage.parse(byTcp(server, query, deadline), query.length);
  }

  private static ByteBuffer byUdp(InetSocketAddress server, byte[] query, long deadline)
      throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      socket.send(new DatagramPacket(query, query.length));
      byte[] bytes = new byte[MAX_UDP_BYTES];
      while (true) {
        DatagramPacket received = new DatagramPacket(bytes, bytes.length);
        socket.setSoTimeout(millisTo(deadline));
        socket.receive(received);
        ByteBuffer message = ByteBuffer.wrap(bytes, 0, received.getLength());
        if (DnsMessage.answers(message, query)) {
          return message;
        }
      }
    }
  }

  private static ByteBuffer byTcp(InetSocketAddress server, byte[] query, long deadline)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, millisTo(deadline));
      ByteBuffer framed = ByteBuffer.allocate(2 + query.length);
      framed.putShort((short) query.length).put(query);
      OutputStream out = socket.getOutputStream();
      out.write(framed.array());
      int length = read(socket, 2, deadline).getShort() & 0xffff;
      ByteBuffer message = read(socket, length, deadline);
      if (!DnsMessage.answers(message, query)) {
        throw new IOException("answered another question");
      }
      return message;
    }
  }

  private static ByteBuffer read(Socket socket, int length, long deadline) throws IOException {
    byte[] bytes = new byte[length];
    InputStream in = socket.getInputStream();
    for (int have = 0; have < length; ) {
      socket.setSoTimeout(millisTo(deadline));
      int more = in.read(bytes, have, length - have);
      if (more < 0) {
        throw new EOFException("closed the connection within its answer");
      }
      have += more;
    }
    return ByteBuffer.wrap(bytes);
  }

  /** At least 1, as 0 would mean for ever. */
  private static int millisTo(long deadline) throws SocketTimeoutException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("Receive timed out");
    }
    return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left));
  }
}

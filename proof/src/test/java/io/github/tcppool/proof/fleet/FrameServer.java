package io.github.tcppool.proof.fleet;

import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.MessageStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The program of a server process: receives {@link Message}s, writes each into its log, and sends
 * those back that want a reply if it is to echo. One thread does all.
 *
 * <p>Arguments: {@code echo} or {@code sink}, address, port, log file. Prints its port when it
 * listens. The line {@code stop} on standard input ends it in an orderly way; the end of standard
 * input ends it at once, so that it never outlives whoever started it.
 */
final class FrameServer {

  private static final int BACKLOG = 1024;
  private static final int LOWEST_PORT = 20_000;

  /** The default of {@code net.ipv4.ip_local_port_range}. */
  private static final int FIRST_CLIENT_PORT = 32_768;

  private static final int MOST_ATTEMPTS = 100;
  private static final int READ_BYTES = 64 << 10;
  private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final boolean echoes;
  private final ServerSocketChannel listener;
  private final Selector selector = Selector.open();
  private final FileChannel log;
  private final byte[] in = new byte[READ_BYTES];
  private ByteBuffer entries = ByteBuffer.allocate(LogRecord.BYTES * 64);
  private int accepted;
  private volatile boolean stopping;

  /** One client. */
  private static final class Client {
    private final int number;
    private final MessageStream stream = new MessageStream();
    private ByteBuffer replies = ByteBuffer.allocate(0);

    private Client(int number) {
      this.number = number;
    }
  }

  private FrameServer(boolean echoes, InetSocketAddress address, Path logFile) throws IOException {
    this.echoes = echoes;
    log = FileChannel.open(logFile, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    listener = ServerSocketChannel.open();
    listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    bind(address);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    note(LogRecord.of(LogRecord.Kind.START, 0, 0));
    flushLog();
  }

  /**
   * Any port is one below those that the kernel gives to clients: else a connection of somebody
   * else may have it by the time that the server is started again.
   */
  private void bind(InetSocketAddress address) throws IOException {
    if (address.getPort() != 0) {
      listener.bind(address, BACKLOG);
      return;
    }
    for (int attempts = 0; listener.getLocalAddress() == null; attempts++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, FIRST_CLIENT_PORT);
      try {
        listener.bind(new InetSocketAddress(address.getAddress(), port), BACKLOG);
      } catch (BindException e) {
        if (attempts == MOST_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Runs a server as the arguments say. */
  public static void main(String[] args) throws IOException {
    FrameServer server =
        new FrameServer(
            args[0].equals("echo"),
            new InetSocketAddress(args[1], Integer.parseInt(args[2])),
            Path.of(args[3]));
    Thread commands = new Thread(server::obey, "commands");
    commands.setDaemon(true);
    commands.start();
    System.out.println(server.listener.socket().getLocalPort());
    server.serve();
  }

  private void obey() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      if ("stop".equals(lines.readLine())) {
        stopping = true;
        selector.wakeup();
        return;
      }
    } catch (IOException e) {
      System.err.println("reading commands failed: " + e);
    }
    Runtime.getRuntime().halt(1);
  }

  private void serve() throws IOException {
    while (!stopping) {
      selector.select(this::handle);
    }
    leave();
  }

  /** Closes the port, half-closes every connection, and reads each to its end. */
  private void leave() throws IOException {
    accept();
    listener.close();
    List<SelectionKey> clients = new ArrayList<>();
    for (SelectionKey key : selector.keys()) {
      if (key.isValid() && key.attachment() instanceof Client) {
        clients.add(key);
      }
    }
    for (SelectionKey key : clients) {
      halfClose(key);
    }
    long deadline = System.nanoTime() + STOP_NANOS;
    while (clients.stream().anyMatch(SelectionKey::isValid) && System.nanoTime() - deadline < 0) {
      selector.select(this::handle, 50);
    }
  }

  private void halfClose(SelectionKey key) throws IOException {
    try {
      ((SocketChannel) key.channel()).shutdownOutput();
      key.interestOps(SelectionKey.OP_READ);
    } catch (IOException e) {
      end(key); // it has gone already
    }
  }

  private void handle(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept();
      } else if (key.isWritable()) {
        write(key);
      } else {
        read(key);
      }
    } catch (IOException e) {
      endQuietly(key);
    }
  }

  private void accept() throws IOException {
    for (SocketChannel channel; (channel = listener.accept()) != null; ) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Client client = new Client(++accepted);
      note(LogRecord.of(LogRecord.Kind.OPEN, client.number, 0));
      flushLog();
      channel.register(selector, SelectionKey.OP_READ, client);
    }
  }

  private void read(SelectionKey key) throws IOException {
    Client client = (Client) key.attachment();
    int count = ((SocketChannel) key.channel()).read(ByteBuffer.wrap(in));
    if (count < 0) {
      end(key);
      return;
    }
    List<Message> messages = new ArrayList<>();
    boolean sound = client.stream.corruption() == null;
    client.stream.feed(in, 0, count, messages::add);
    for (Message message : messages) {
      note(LogRecord.received(client.number, message));
    }
    if (sound && client.stream.corruption() != null) {
      note(LogRecord.of(LogRecord.Kind.CORRUPT, client.number, 0));
    }
    flushLog(); // before the reply, so that whatever is confirmed is in the log
    if (echoes && !stopping) {
      reply(key, client, messages);
    }
  }

  private static void reply(SelectionKey key, Client client, List<Message> messages)
      throws IOException {
    int bytes = client.replies.remaining();
    List<Message> asked = messages.stream().filter(Message::wantsReply).toList();
    for (Message message : asked) {
      bytes += Message.HEADER_BYTES + message.bytes();
    }
    ByteBuffer all = ByteBuffer.allocate(bytes).put(client.replies);
    asked.forEach(message -> all.put(message.frame()));
    client.replies = all.flip();
    write(key);
  }

  /** Writes what is due; what the client does not take yet stops the reading from it. */
  private static void write(SelectionKey key) throws IOException {
    Client client = (Client) key.attachment();
    ((SocketChannel) key.channel()).write(client.replies);
    key.interestOps(client.replies.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  private void endQuietly(SelectionKey key) {
    try {
      end(key);
    } catch (IOException e) {
      System.err.println("ending a connection failed: " + e);
    }
  }

  private void end(SelectionKey key) throws IOException {
    if (key.isValid() && key.attachment() instanceof Client client) {
      note(LogRecord.of(LogRecord.Kind.END, client.number, client.stream.tornBytes()));
      flushLog();
      key.channel().close();
    }
  }

  private void note(LogRecord entry) {
    if (entries.remaining() < LogRecord.BYTES) {
      entries = ByteBuffer.allocate(entries.capacity() * 2).put(entries.flip());
    }
    entry.put(entries);
  }

  private void flushLog() throws IOException {
    entries.flip();
    while (entries.hasRemaining()) {
      log.write(entries);
    }
    entries.clear();
  }
}

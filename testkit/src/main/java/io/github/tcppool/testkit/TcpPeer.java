package io.github.tcppool.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A TCP server on the loopback interface that behaves as a test tells it, and tells the test what
 * it has seen.
 *
 * <pre>{@code
 * try (TcpPeer peer = TcpPeer.start(Behaviour.echo())) {
 *   var client = new Client(peer.hostPort());
 *   client.send("one\n");
 *   peer.awaitFrames(1);
 *
 *   peer.kill();        // every connection gets a RST, the port refuses
 *   peer.restart();     // the same port answers again
 *   peer.behave(Behaviour.stalled());   // from now on nobody reads, on old connections too
 * }
 * }</pre>
 *
 * <p>Each connection has a daemon thread of its own. All methods may be called by any thread. The
 * await methods block up to the peer's patience, 5 s unless {@linkplain TcpPeerBuilder#patience
 * set}, and then throw an {@link AssertionError} that says what was seen instead; so they do when
 * their thread is interrupted. Counts go on over a restart.
 *
 * <p>{@link #close()} resets what is open, frees the port and waits for all threads to end.
 */
public final class TcpPeer implements AutoCloseable {
  private static final Duration THREADS_LIMIT = Duration.ofSeconds(5);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final Ledger ledger;
  private final Roster roster;
  private final @Nullable SSLContext tls;
  private final Crew crew = new Crew();
  private final Loop loop;
  private final Port port;

  private TcpPeer(TcpPeerBuilder settings) {
    tls = settings.tls;
    ledger = new Ledger(settings.boundary, settings.keptFrames, settings.patience);
    roster = new Roster(ledger, settings.behaviour);
    loop = Loop.start("testkit-peer-loop");
    port =
        new Port(
            "testkit-peer",
            settings.address(),
            settings.backlog,
            settings.receiveBufferBytes,
            loop,
            crew,
            this::take);
    port.pause(settings.acceptsNothing);
  }

  /** Starts a peer on a free port of 127.0.0.1 that does this with every connection. */
  public static TcpPeer start(Behaviour behaviour) {
    return builder().behaviour(behaviour).start();
  }

  /** Collects the settings of a peer that needs more than a behaviour. */
  public static TcpPeerBuilder builder() {
    return new TcpPeerBuilder();
  }

  static TcpPeer start(TcpPeerBuilder settings) {
    TcpPeer peer = new TcpPeer(settings);
    try {
      peer.port.open();
      return peer;
    } catch (RuntimeException e) {
      peer.loop.close();
      throw e;
    }
  }

  private void take(SocketChannel channel) {
    Wire wire;
    try {
      wire = new Wire(loop, channel, tls);
    } catch (IOException e) {
      return; // The client has gone already.
    }
    roster.add(
        wire,
        (connection, first) ->
            crew.start(
                "testkit-peer-" + connection.number(), () -> serve(wire, connection, first)));
  }

  private void serve(Wire wire, PeerConnection connection, Behaviour first) {
    boolean secured = false;
    try {
      secured = wire.secure();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (secured) {
      Behaviours.run(first, connection, ledger);
    } else {
      connection.end(false);
    }
  }

  /** The port, which stays the same over a restart. */
  public int port() {
    return address().getPort();
  }

  /** The address to connect to. */
  public InetSocketAddress address() {
    return port.address();
  }

  /** The address as one writes it: {@code 127.0.0.1:9999} or {@code [::1]:9999}. */
  public String hostPort() {
    return Port.hostPort(address());
  }

  /** Changes the behaviour of open connections, at their next read or delay, and of later ones. */
  public void behave(Behaviour next) {
    roster.behave(next);
  }

  /** Changes the behaviour of connections accepted from now on, and of no other. */
  public void behaveForNew(Behaviour next) {
    roster.behaveForNew(next);
  }

  /**
   * Leaves new clients in the backlog: they get connected by the kernel, but nobody serves them.
   * When the backlog is full, connects go unanswered; {@link Blackhole} is made for that.
   */
  public void pauseAccepting() {
    port.pause(true);
  }

  /** Accepts again after {@link #pauseAccepting()}. */
  public void resumeAccepting() {
    port.pause(false);
  }

  /** Stops reading on all connections, open and to come. */
  public void pause() {
    roster.pause();
  }

  /** Reads on after {@link #pause()}. */
  public void resume() {
    roster.resume();
  }

  /** Sends the same bytes on every open connection, unasked; one that fails is reset. */
  public void sendAll(byte[] bytes) {
    roster.forEachOpen(connection -> connection.sendOrReset(bytes));
  }

  /** Closes every open connection with a FIN; goes on listening. */
  public void closeAll() {
    roster.forEachOpen(connection -> connection.end(false));
    loop.flush();
  }

  /** Closes every open connection with a RST; goes on listening. */
  public void resetAll() {
    roster.forEachOpen(connection -> connection.end(true));
    loop.flush();
  }

  /** Stops as {@link #stop(Duration)} does, within 5 s. */
  public boolean stop() {
    return stop(STOP_LIMIT);
  }

  /**
   * Stops as a good server does, losing nothing: takes who waits in the backlog, closes the port,
   * sends a FIN on every connection, reads each to the client's FIN, and closes it.
   *
   * <p>Blocks until all clients have ended, or the limit, at which those left get a RST.
   *
   * @return whether all clients ended by themselves
   */
  public boolean stop(Duration limit) {
    port.close(true);
    roster.forEachOpen(connection -> connection.behave(Behaviours::leave));
    boolean ended = false;
    try {
      ended = ledger.tally.reached(limit, () -> ledger.open.get() == 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    resetAll();
    return ended;
  }

  /** Dies: closes the port and every connection, also those in the backlog, with a RST. */
  public void kill() {
    port.close(false);
    resetAll();
  }

  /**
   * Listens again on the same port; kills first what still runs.
   *
   * @throws java.io.UncheckedIOException if the port is still taken after 5 s
   */
  public void restart() {
    kill();
    port.open();
  }

  /**
   * Kills the peer and waits for its threads; idempotent.
   *
   * @throws IllegalStateException if a behaviour does not end within 5 s of being interrupted
   */
  @Override
  public void close() {
    port.retire();
    resetAll();
    try {
      crew.finish(THREADS_LIMIT);
    } finally {
      loop.close();
    }
  }

  /** How many connections were accepted so far. */
  public int accepted() {
    return ledger.accepted.get();
  }

  /** How many connections are open on the peer's side. */
  public int open() {
    return ledger.open.get();
  }

  /** Bytes read on all connections. */
  public long bytesReceived() {
    return ledger.bytes.get();
  }

  /** Complete frames read on all connections. */
  public long framesReceived() {
    return ledger.frames.get();
  }

  /**
   * The frames of all connections in the order they ended, boundaries included, up to the bound.
   */
  public List<byte[]> frames() {
    return ledger.frames();
  }

  /** The {@link #frames()} as UTF-8. */
  public List<String> texts() {
    return frames().stream().map(frame -> new String(frame, StandardCharsets.UTF_8)).toList();
  }

  /** The connection with this number, the first being 1: any open one, or one of the last 4,096. */
  public PeerConnection connection(int number) {
    return roster.get(number);
  }

  /** The connections in order of acceptance: all open ones, and the last 4,096. */
  public List<PeerConnection> connections() {
    return roster.all();
  }

  /** What behaviours have thrown, I/O aside: the first 100. A good test expects none. */
  public List<Throwable> failures() {
    return ledger.failures();
  }

  /** Waits until so many connections have been accepted, and returns that one. */
  public PeerConnection awaitAccepted(int connections) {
    await("at least " + connections + " accepted", () -> accepted() >= connections);
    return connection(connections);
  }

  /** Waits until exactly so many connections are open. */
  public void awaitOpen(int connections) {
    await("exactly " + connections + " open", () -> open() == connections);
  }

  /** Waits for at least so many bytes in all. */
  public void awaitBytes(long bytes) {
    await("at least " + bytes + " bytes", () -> bytesReceived() >= bytes);
  }

  /** Waits for at least so many frames in all. */
  public void awaitFrames(long frames) {
    await("at least " + frames + " frames", () -> framesReceived() >= frames);
  }

  private void await(String wanted, BooleanSupplier fact) {
    ledger.tally.await(ledger.patience, fact, wanted + " by " + hostPort(), ledger::story);
  }

  @Override
  public String toString() {
    return "TcpPeer " + hostPort() + ": " + ledger.story();
  }
}

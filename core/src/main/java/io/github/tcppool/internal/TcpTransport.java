package io.github.tcppool.internal;

import io.github.tcppool.CloseReason;
import io.github.tcppool.ConnectHook;
import io.github.tcppool.Endpoint;
import io.github.tcppool.HealthCheck;
import io.github.tcppool.Heartbeat;
import io.github.tcppool.Ping;
import io.github.tcppool.PoolOptions;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.internal.engine.LocalFaultException;
import io.github.tcppool.internal.engine.Transport;
import io.github.tcppool.internal.net.AddressRace;
import io.github.tcppool.internal.net.ChannelSocket;
import io.github.tcppool.internal.net.Lookout;
import io.github.tcppool.internal.net.NoDescriptorException;
import io.github.tcppool.internal.tls.TlsClient;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Dials and closes real connections. */
final class TcpTransport implements Transport<Connection> {

  private final Framing framing;
  private final @Nullable ConnectHook hook;
  private final @Nullable TlsClient tls;
  private final InboundPolicy inbound;
  private final Drainer drainer;
  private final Lookout lookout;

  /** What ends the waits of the dials under way, for when the pool is closed. */
  private final Set<Runnable> dialing = ConcurrentHashMap.newKeySet();

  private volatile boolean cancelled;

  TcpTransport(
      Framing framing,
      @Nullable ConnectHook hook,
      @Nullable TlsClient tls,
      InboundPolicy inbound,
      Drainer drainer,
      Lookout lookout) {
    this.framing = framing;
    this.hook = hook;
    this.tls = tls;
    this.inbound = inbound;
    this.drainer = drainer;
    this.lookout = lookout;
  }

  // ---- dialing ----

  /**
   * Resolves the name anew and lets its addresses race. If the one that won is refused by the hook,
   * the others may race again, each connection having its share of the time that is left.
   */
  @Override
  public Connection dial(Endpoint endpoint, PoolOptions options) throws IOException {
    long deadline = System.nanoTime() + options.connectTimeout().toNanos();
    List<InetSocketAddress> left = new ArrayList<>();
    for (InetAddress address : resolve(endpoint.host(), options.family())) {
      left.add(new InetSocketAddress(address, endpoint.port()));
    }
    IOException failure = null;
    while (!left.isEmpty() && !cancelled) {
      InetSocketAddress connected = null;
      try {
        AddressRace.Entrant first = race(left, options, deadline);
        connected = first.address();
        left.remove(connected);
        long now = System.nanoTime();
        return greeted(endpoint, first.socket(), now + (deadline - now) / (left.size() + 1));
      } catch (BindException | NoDescriptorException e) {
        throw new LocalFaultException(e); // no other address would do better
      } catch (IOException e) {
        IOException told = connected == null ? e : describe(e, endpoint, connected);
        if (failure != null) {
          told.addSuppressed(failure);
        }
        failure = told;
        if (connected == null) {
          throw failure; // none of them is left that might answer
        }
      }
    }
    throw failure == null ? new SocketException("pool closed while dialing " + endpoint) : failure;
  }

  private static List<InetAddress> resolve(String host, @Nullable ProtocolFamily family)
      throws UnknownHostException {
    List<InetAddress> fitting = new ArrayList<>();
    for (InetAddress address : InetAddress.getAllByName(host)) {
      boolean four = address instanceof Inet4Address;
      if (family == null || four == (family == StandardProtocolFamily.INET)) {
        fitting.add(address);
      }
    }
    if (fitting.isEmpty()) {
      throw new UnknownHostException(host + " has no address of family " + family);
    }
    return fitting;
  }

  private AddressRace.Entrant race(
      List<InetSocketAddress> addresses, PoolOptions options, long deadline) throws IOException {
    AddressRace race = new AddressRace(addresses, () -> prepared(options), deadline);
    Runnable cancel = race::cancel;
    dialing.add(cancel);
    try {
      if (cancelled) {
        race.cancel();
      }
      return race.run();
    } finally {
      dialing.remove(cancel);
    }
  }

  private Connection greeted(Endpoint endpoint, ChannelSocket socket, long deadline)
      throws IOException {
    Runnable cancel = socket::close;
    dialing.add(cancel);
    boolean ready = false;
    try {
      if (cancelled) {
        throw new SocketException("pool closed while dialing");
      }
      Connection connection = new Connection(endpoint, socket, framing, inbound, lookout);
      if (tls != null && !tls.options().isStartedByHook()) {
        tls.start(connection.channel(), endpoint, deadline);
      }
      CloseReason unused = lend(connection, hook, "connect hook", "connect timeout", deadline);
      if (tls != null && !connection.channel().tls().isOn()) {
        throw new SSLException(
            "connect hook must call startTls, but did not: nothing goes in clear");
      }
      ready = true;
      return connection;
    } finally {
      dialing.remove(cancel);
      if (!ready) {
        socket.close();
      }
    }
  }

  private static ChannelSocket prepared(PoolOptions options) throws IOException {
    ChannelSocket socket = new ChannelSocket();
    try {
      prepare(socket, options);
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static void prepare(ChannelSocket socket, PoolOptions options) throws IOException {
    for (Map.Entry<SocketOption<?>, Object> option : options.socketOptions().entrySet()) {
      apply(socket, option.getKey(), option.getValue());
    }
    if (options.localAddress() != null) {
      socket.bind(options.localAddress());
    }
  }

  static <T> void apply(ChannelSocket socket, SocketOption<T> option, Object value)
      throws IOException {
    socket.channel().raw().setOption(option, option.type().cast(value));
  }

  /**
   * Lends the connection to code of the user's, so that this cannot use it afterwards. Returns why
   * it is not fit for everybody, or null: the first caller may have what a hook has left unread.
   */
  private @Nullable CloseReason lend(
      Connection connection, @Nullable ConnectHook toRun, String who, String limit, long deadline)
      throws IOException {
    if (toRun == null) {
      return null;
    }
    Greeting greeting = new Greeting();
    LeasedSocket lent = new HookSocket(connection, greeting, () -> upgrade(connection, deadline));
    lent.boundBy(deadline);
    boolean closedByHook;
    try {
      toRun.onConnect(lent, connection.endpoint());
    } finally {
      closedByHook = lent.isClosed() || lent.isInputShutdown() || lent.isOutputShutdown();
      lent.end(null);
    }
    if (closedByHook) {
      throw new SocketException(who + " closed the socket");
    }
    if (deadline - System.nanoTime() <= 0) {
      throw new SocketTimeoutException(who + " took longer than the " + limit);
    }
    if (greeting.unfit != null) {
      throw new SocketException(who + " left the connection unfit: " + greeting.unfit);
    }
    return greeting.forgiven;
  }

  private void upgrade(Connection connection, long deadline) throws IOException {
    TlsClient starter = tls;
    if (starter == null
        || !starter.options().isStartedByHook()
        || connection.channel().tls().isOn()) {
      throw new IllegalStateException(
          "startTls must be called once, in a pool with TlsOptions.startedByHook()");
    }
    starter.start(connection.channel(), connection.endpoint(), deadline);
  }

  /** What came of the lease of a hook. */
  private static final class Greeting implements LeasedSocket.Keeper {
    @Nullable CloseReason unfit;
    @Nullable CloseReason forgiven;

    @Override
    public void giveBack(Connection connection, boolean brief, boolean served) {
      // fit for its first use
    }

    @Override
    public void discard(Connection connection, CloseReason reason) {
      switch (reason) {
        case UNREAD_BYTES -> forgiven = reason; // those belong to the first caller
        case TIMED_OUT, INTERRUPTED -> forgiven = reason; // the hook knows why it went on
        default -> unfit = reason;
      }
    }
  }

  /**
   * The failure with the address that was tried, of the same kind where the kind is one that
   * callers tell apart.
   */
  private static IOException describe(IOException e, Endpoint endpoint, InetSocketAddress address) {
    String where = address.getAddress().getHostAddress();
    String tried = (where.equals(endpoint.host()) ? "" : where + ": ") + e.getMessage();
    if (e instanceof ConnectException) {
      return withCause(new ConnectException(tried), e);
    }
    if (e instanceof SocketTimeoutException) {
      return withCause(new SocketTimeoutException(tried), e);
    }
    return e instanceof SocketException ? withCause(new SocketException(tried), e) : e;
  }

  private static IOException withCause(IOException told, IOException cause) {
    told.initCause(cause);
    return told;
  }

  // ---- asking ----

  @Override
  public void check(Endpoint endpoint, PoolOptions options, HealthCheck check) throws IOException {
    long deadline = System.nanoTime() + check.timeout().toNanos();
    Connection connection =
        dial(endpoint, options.toBuilder().connectTimeout(check.timeout()).build());
    try {
      CloseReason unused = ask(connection, check.ping(), "health check", deadline);
    } finally {
      connection.channel().close();
    }
  }

  @Override
  public void ask(Connection connection, Heartbeat heartbeat) throws IOException {
    long deadline = System.nanoTime() + heartbeat.timeout().toNanos();
    CloseReason unfit = ask(connection, heartbeat.ping(), "heartbeat", deadline);
    if (unfit != null) { // the rest of its answer must not be taken for that to a caller
      throw new SocketException("heartbeat left the connection unfit: " + unfit);
    }
  }

  private @Nullable CloseReason ask(Connection connection, Ping ping, String who, long deadline)
      throws IOException {
    Runnable cancel = () -> connection.channel().close();
    dialing.add(cancel);
    try {
      if (cancelled) {
        throw new SocketException("pool closed");
      }
      return lend(connection, (socket, endpoint) -> ping.ask(socket), who, "timeout", deadline);
    } finally {
      dialing.remove(cancel);
    }
  }

  // ---- closing ----

  @Override
  public void cancelDials() {
    cancelled = true;
    dialing.forEach(Runnable::run);
  }

  @Override
  public void close(Connection connection, CloseReason reason, Runnable done) {
    inbound.forget(connection);
    connection.leaveLookout();
    switch (reason) {
      case TORN_MESSAGE, FORCED -> connection.channel().abort();
      case IDLE,
          LIFETIME,
          SHRUNK,
          EVICTED,
          ENDPOINT_LEFT,
          POOL_CLOSED,
          UNREAD_BYTES,
          INBOUND_FULL,
          HALF_CLOSED -> {
        drainer.close(connection.channel(), done);
        return;
      }
      default -> connection.channel().close();
    }
    done.run();
  }

  @Override
  public void sever(Connection connection) {
    connection.leaveLookout();
    if (!drainer.sever(connection.channel())) {
      connection.channel().abort();
    }
  }
}

package io.github.tcppool.internal.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to whichever of several addresses answers first, as RFC 8305 has it ("happy eyeballs"):
 * the families in turn, one address every {@value #STEP_MILLIS} ms, or at once when one has failed.
 * When the first one is connected, all others are closed.
 *
 * <p>One thread runs it, which waits in one selector for all of them; any thread may cancel it.
 */
public final class AddressRace {

  /** How long an address has before the next one is tried beside it. */
  static final int STEP_MILLIS = 250;

  /** A name may have any number of addresses; a dial needs a descriptor for each that it tries. */
  private static final int MOST_ADDRESSES = 16;

  /** Makes an unconnected socket with all its options set. */
  public interface Opener {
    ChannelSocket open() throws IOException;
  }

  /** One address, and the socket that connects to it. */
  public record Entrant(ChannelSocket socket, InetSocketAddress address) {}

  private final Deque<InetSocketAddress> waiting = new ArrayDeque<>();
  private final List<Entrant> running = new ArrayList<>();
  private final Opener opener;
  private final long deadlineNanos;
  private final Selector selector;
  private volatile boolean cancelled;

  /** Why addresses did not win; the latest, with those before it as suppressed ones. */
  private @Nullable IOException failure;

  private long nextNanos = System.nanoTime();

  /**
   * Opens what is needed to wait.
   *
   * @param deadlineNanos when all is over, in {@code System.nanoTime()}
   */
  public AddressRace(List<InetSocketAddress> addresses, Opener opener, long deadlineNanos)
      throws NoDescriptorException {
    this.opener = opener;
    this.deadlineNanos = deadlineNanos;
    interleaved(addresses).stream().limit(MOST_ADDRESSES).forEach(waiting::add);
    selector = Selectors.SHARED.take();
  }

  /** The families in turn, beginning with that of the first; within each the order is kept. */
  static List<InetSocketAddress> interleaved(List<InetSocketAddress> addresses) {
    Deque<InetSocketAddress> first = new ArrayDeque<>();
    Deque<InetSocketAddress> second = new ArrayDeque<>();
    for (InetSocketAddress address : addresses) {
      boolean same = familyOf(address).equals(familyOf(addresses.get(0)));
      (same ? first : second).add(address);
    }
    List<InetSocketAddress> all = new ArrayList<>();
    while (!first.isEmpty() || !second.isEmpty()) {
      Deque<InetSocketAddress> turn =
          second.isEmpty() || (!first.isEmpty() && all.size() % 2 == 0) ? first : second;
      all.add(turn.remove());
    }
    return all;
  }

  private static Class<? extends InetAddress> familyOf(InetSocketAddress address) {
    return address.getAddress().getClass();
  }

  /** Lets the race end soon; it fails. */
  public void cancel() {
    cancelled = true;
    selector.wakeup();
  }

  /**
   * The first one that is connected. Whatever happens, nothing else is left open.
   *
   * @throws NoDescriptorException if there is no descriptor for another socket
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   * @throws IOException why the last address failed, with those of the others as suppressed ones
   */
  public Entrant run() throws IOException {
    Entrant winner = null;
    try {
      while (winner == null) {
        winner = step();
      }
      return winner;
    } finally {
      end(winner);
    }
  }

  private @Nullable Entrant step() throws IOException {
    long now = System.nanoTime();
    if (cancelled) {
      throw new SocketException("cancelled while connecting");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while connecting");
    }
    if (deadlineNanos - now <= 0) {
      throw timedOut();
    }
    if (!waiting.isEmpty() && (running.isEmpty() || nextNanos - now <= 0)) {
      return begin(waiting.remove(), now);
    }
    if (running.isEmpty()) {
      throw failure == null ? new ConnectException("no address") : failure;
    }
    return await(now);
  }

  private @Nullable Entrant begin(InetSocketAddress address, long now) throws IOException {
    long left = (deadlineNanos - now) / (waiting.size() + 1);
    nextNanos = now + Math.min(TimeUnit.MILLISECONDS.toNanos(STEP_MILLIS), left);
    ChannelSocket socket = opener.open();
    Entrant entrant = new Entrant(socket, address);
    running.add(entrant);
    try {
      if (socket.beginConnect(address)) {
        return entrant;
      }
      socket.channel().raw().register(selector, SelectionKey.OP_CONNECT);
    } catch (IOException e) {
      lost(entrant, e);
      nextNanos = now; // no reason to wait for it
    }
    return null;
  }

  private @Nullable Entrant await(long now) throws IOException {
    long until = waiting.isEmpty() || deadlineNanos - nextNanos < 0 ? deadlineNanos : nextNanos;
    selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - now + 999_999)));
    selector.selectedKeys().clear();
    for (Entrant entrant : List.copyOf(running)) {
      try {
        if (entrant.socket().finishConnect()) {
          return entrant;
        }
      } catch (IOException e) {
        lost(entrant, e);
        nextNanos = now; // no reason to wait for it
      }
    }
    return null;
  }

  private void lost(Entrant entrant, IOException why) throws IOException {
    running.remove(entrant);
    entrant.socket().close();
    if (why instanceof BindException || why instanceof NoDescriptorException) {
      throw why; // no other address would do better
    }
    note(entrant.address(), why);
  }

  private void note(InetSocketAddress address, IOException why) {
    IOException told = told(address, why);
    if (failure != null) {
      told.addSuppressed(failure);
    }
    failure = told;
  }

  private IOException timedOut() {
    for (Entrant entrant : running) {
      note(entrant.address(), new SocketTimeoutException("Connect timed out"));
    }
    return failure == null ? new SocketTimeoutException("Connect timed out") : failure;
  }

  /** Says which address it was; of the same kind where callers tell kinds apart. */
  private static IOException told(InetSocketAddress address, IOException why) {
    String where = address.getAddress().getHostAddress();
    boolean known = where.equals(address.getHostString()); // the endpoint is called that
    String text = (known ? "" : where + ": ") + why.getMessage();
    IOException told =
        why instanceof ConnectException
            ? new ConnectException(text)
            : why instanceof SocketTimeoutException
                ? new SocketTimeoutException(text)
                : new SocketException(text);
    told.initCause(why);
    return told;
  }

  private void end(@Nullable Entrant winner) throws IOException {
    for (Entrant entrant : running) {
      if (!entrant.equals(winner)) {
        entrant.socket().close();
      }
    }
    selector.keys().forEach(SelectionKey::cancel);
    selector.selectNow(); // lets go of the channels: only now those closed are really closed
    Selectors.SHARED.give(selector);
  }
}

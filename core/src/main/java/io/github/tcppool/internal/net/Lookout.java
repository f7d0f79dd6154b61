package io.github.tcppool.internal.net;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Looks at many channels with one system call, to see on which of them anything has arrived: bytes,
 * an end, a reset.
 *
 * <p>A look at a single channel is a {@code read}, which costs as much as half a write. Where
 * messages go out over many connections at full speed, each of them comes up again after the last
 * look at it is out of date, but all of them together are used many times in that time: so one look
 * at all of them serves many messages.
 *
 * <p>A channel has a {@link Post} here as long as it is busy. A look marks the posts of those
 * channels on which something has arrived, then tells its time; whoever reads that time sees the
 * marks. What is marked looks for itself. The selector tells of what was not read at every look, so
 * a mark that was taken away too early comes back with the next one.
 */
public final class Lookout {

  /** One channel that is looked at. */
  public static final class Post {

    private final SelectionKey key;
    private volatile boolean stirred;

    private Post(SelectionKey key) {
      this.key = key;
    }

    /** Takes the mark away, before the owner of the channel reads what there is. */
    public void calm() {
      if (stirred) {
        stirred = false;
      }
    }
  }

  private final long goodNanos;

  /** Taken by who looks, if it is free; and to let go of a channel. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Made for the first post. Guarded by the lock. */
  private @Nullable Selector selector;

  /** Guarded by the lock. */
  private boolean closed;

  /** The moment that the last look is true for. Written under the lock, after the marks. */
  private volatile long lookedNanos;

  /**
   * A lookout without posts, and as yet without descriptors.
   *
   * @param goodNanos how long a look is good
   */
  public Lookout(long goodNanos) {
    this.goodNanos = goodNanos;
    lookedNanos = System.nanoTime() - goodNanos;
  }

  /**
   * Whether nothing had arrived on the channel a moment ago; looks if the last look is out of date.
   * False also if that is not known, as another thread is looking. For the owner of the channel.
   */
  public boolean isQuiet(Post post, long now) {
    return (now - lookedNanos < goodNanos || look(now)) && !post.stirred;
  }

  private boolean look(long now) {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      Selector open = selector;
      if (open == null) {
        return false;
      }
      int unused = open.selectNow(Lookout::mark);
      lookedNanos = now;
      return true;
    } catch (IOException | ClosedSelectorException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private static void mark(SelectionKey key) {
    if (key.attachment() instanceof Post post) {
      post.stirred = true;
    }
  }

  /**
   * A post for a channel; null if there is none to be had now, and always for one with TLS: what
   * has arrived there may have left the kernel already. For the owner of the channel, who has just
   * looked at it.
   */
  public @Nullable Post post(TcpChannel channel) {
    if (channel.tls().isOn() || !lock.tryLock()) {
      return null;
    }
    try {
      Selector open = open();
      if (open == null) {
        return null;
      }
      Post made = new Post(channel.raw().register(open, SelectionKey.OP_READ));
      made.key.attach(made);
      long looked = lookedNanos;
      lookedNanos = looked - goodNanos; // what was seen before says nothing about this one
      return made;
    } catch (IOException | ClosedSelectorException | CancelledKeyException e) {
      return null;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Selector open() throws IOException {
    if (selector == null && !closed) {
      selector = Selector.open();
    }
    return selector;
  }

  /**
   * Lets go of a channel, which is not really closed before that. From any thread, any number of
   * times.
   */
  public void leave(Post post) {
    post.key.cancel();
    lock.lock();
    try {
      Selector open = selector;
      if (open != null) {
        int unused = open.selectNow(Lookout::mark);
      }
    } catch (IOException | ClosedSelectorException e) {
      // then closing the selector does it
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of all channels; there will be no post any more. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      Selector open = selector;
      selector = null;
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      // nothing is left that could be done with it
    } finally {
      lock.unlock();
    }
  }
}

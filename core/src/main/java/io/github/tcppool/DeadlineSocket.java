package io.github.tcppool;

import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Socket} whose reads <em>and writes</em> can be bounded in time.
 *
 * <p>{@link Socket#setSoTimeout} bounds each read on its own. A deadline bounds everything up to a
 * moment: each read or write that is still waiting then, or begins later, fails with {@link
 * java.net.SocketTimeoutException}, whose {@code bytesTransferred} tells how many bytes a write had
 * got rid of. A deadline can be moved at any time, from any thread, and takes effect at the next
 * read or write. {@code Duration.ZERO} means at once; null takes the deadline away.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
public abstract class DeadlineSocket extends Socket {

  /** For subclasses, which implement every operation themselves. */
  protected DeadlineSocket() throws SocketException {
    super((SocketImpl) null);
  }

  /** Lets reads and writes fail from {@code fromNow} on. Go's {@code SetDeadline}. */
  public void setDeadline(@Nullable Duration fromNow) throws SocketException {
    setReadDeadline(fromNow);
    setWriteDeadline(fromNow);
  }

  /** Lets reads fail from {@code fromNow} on. Go's {@code SetReadDeadline}. */
  public abstract void setReadDeadline(@Nullable Duration fromNow) throws SocketException;

  /** Lets writes fail from {@code fromNow} on. Go's {@code SetWriteDeadline}. */
  public abstract void setWriteDeadline(@Nullable Duration fromNow) throws SocketException;
}

package io.github.tcppool;

import java.time.Duration;
import java.util.List;

/**
 * A bounded queue in front of {@link TcpPool#send}: {@link #offer} returns at once, and the message
 * goes out soon, batched with others when there are many.
 *
 * <p>Messages go out whole, each on one connection; those on one connection in the order in which
 * they were offered. While no server can be reached they are kept, up to the limits of the {@link
 * OutboxOptions}. What became of each is never in doubt: at every moment <em>accepted = sent +
 * failed + dropped + queued</em>, and each message that failed or was dropped goes to the {@link
 * OutboxListener} with its reason.
 *
 * <p><em>Sent</em> means what it means for {@code send}: the kernel has taken all bytes, which is
 * no proof of delivery. Messages are sent again by the same rules as in {@code send}: what was not
 * written is kept, what was torn goes out again only if that is harmless.
 *
 * <p>An outbox that has been quiet sends in the thread that offers, without waiting; a busy one
 * sends in a thread of its own, which is started when it is first needed and ends with the outbox.
 * All methods may be called by any number of threads. Closing the pool closes its outboxes first.
 */
public interface Outbox extends AutoCloseable {

  /**
   * Hands over a message to be sent. Returns at once, unless the outbox is full and its policy is
   * {@link Overflow#block}.
   *
   * @param message is kept as it is until it is sent: do not change it
   * @return whether the message was taken in; if not, the outbox is full or closed, and what became
   *     of the message is a matter of the {@link Overflow} policy. An interrupt ends the wait of
   *     {@code block} with false and stays set
   * @throws IllegalArgumentException if the message is empty, longer than {@link
   *     OutboxOptions#maxBytes()}, or one that the framing cannot carry
   */
  boolean offer(byte[] message);

  /**
   * Waits until every message accepted before this call was sent, failed or dropped. True if that
   * happened in time; an interrupt ends the wait with false and stays set. A linger time is cut
   * short.
   */
  boolean flush(Duration timeout);

  /** How it stands. Costs less than a microsecond. */
  OutboxSnapshot snapshot();

  /**
   * Refuses new messages, sends what is queued until the time is up, and returns what could not be
   * sent, oldest first; those count as failed. A message that is torn at that moment goes to the
   * listener, as it cannot simply be sent again.
   *
   * <p>Returns within the time given and a quarter of a second. An interrupt ends the wait. The
   * second call returns an empty list.
   */
  List<byte[]> close(Duration timeout);

  /**
   * As {@link #close(Duration)} with the pool's {@link PoolOptions#closeTimeout()}; what could not
   * be sent goes to the listener.
   */
  @Override
  void close();
}

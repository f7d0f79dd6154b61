package io.github.tcppool;

import java.io.IOException;

/**
 * Gets back each message that an {@link Outbox} accepted and will not send.
 *
 * <p>Called once per message, without any lock held, by the thread that found out: one that offers
 * or closes, or the outbox's own. It should be quick, as the outbox may be waiting for it. What it
 * throws is logged and goes no further. It may call the outbox and the pool, except that it must
 * not wait for {@code flush} or {@code close} of the same outbox.
 */
@FunctionalInterface
public interface OutboxListener {

  /**
   * A message will not be sent.
   *
   * @param message as it was offered
   * @param cause why; it implements {@link CallFailure}, whose {@code outcome()} tells whether a
   *     part of it may have reached the peer. {@link OutboxFullException} if it was dropped
   */
  void onLost(byte[] message, IOException cause);
}

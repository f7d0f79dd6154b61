package io.github.tcppool.internal.outbox;

import io.github.tcppool.OutboxListener;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listener what is lost, and the log what went wrong. */
final class Losses {

  private static final Logger LOG = LoggerFactory.getLogger("io.github.tcppool");

  private final String name;
  private final OutboxListener listener;

  Losses(String name, OutboxListener listener) {
    this.name = name;
    this.listener = listener;
  }

  /** What the listener throws is nobody else's trouble. */
  void tell(byte[] message, IOException cause) {
    try {
      listener.onLost(message, cause);
    } catch (Throwable t) {
      LOG.warn("{}: the listener failed at a lost message", name, t);
    }
  }

  void troubled(String doing, Throwable t) {
    LOG.warn("{}: {} failed", name, doing, t);
  }

  void log(String what, int messages) {
    LOG.warn(name + ": " + what, messages);
  }
}

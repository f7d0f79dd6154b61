package io.github.tcppool.internal;

/** What becomes of bytes that arrive on a connection while no dialogue waits for them. */
interface InboundPolicy {

  /** Whether somebody has ever asked for them. */
  boolean isReceiving();

  /** Whether they are to be thrown away. */
  boolean ignores();

  /** How many may be kept per connection. */
  int maxBytes();

  /**
   * Takes the whole frames that the connection holds, as it is about to close or to be used for a
   * dialogue.
   */
  void keep(Connection connection);

  /** The connection holds bytes, or is new: the receiver should look at it. */
  void arrived(Connection connection);

  /** The connection was passed over by the receiver because it was owned, and is free now. */
  void unmute(Connection connection);

  /** The connection is closed. */
  void forget(Connection connection);
}

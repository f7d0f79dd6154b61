package io.github.tcppool.internal.engine;

/** What a connection is claimed for. */
public enum Use {
  /** A dialogue: the caller reads and writes, and must find the stream clean. */
  CALL,
  /** A message out, while nobody receives. */
  SEND,
  /** A message out, while the receiver may be reading from the same connection. */
  SEND_BESIDE_RECEIVER,
  /** A look by the housekeeper. */
  UPKEEP;

  /** Whether the claim takes both halves of the connection. */
  public boolean isFull() {
    return this != SEND_BESIDE_RECEIVER;
  }
}

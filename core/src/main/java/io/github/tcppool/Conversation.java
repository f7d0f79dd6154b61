package io.github.tcppool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A dialogue on one connection, for protocols whose reply is not one frame.
 *
 * <p>Both streams are bounded by the deadline of the call and are usable only until {@code
 * converse} returns. It must read all of the reply: a connection with unread bytes is not kept. A
 * conversation that throws has its connection closed.
 *
 * @param <T> what the dialogue yields
 */
@FunctionalInterface
public interface Conversation<T> {

  /**
   * Speaks with the peer; runs in the thread of the caller. May run again on another connection if
   * the call is retried.
   */
  T converse(InputStream in, OutputStream out) throws IOException;
}

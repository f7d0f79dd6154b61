package io.github.tcppool.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uses once what a pool will need, as long as the process has descriptors to spare.
 *
 * <p>Some classes of the JDK open a file or a socket pair when they are first used. If that fails
 * because descriptors have run out, they stay broken for the life of the process: on JDK 17 every
 * later close or look-up then throws an {@code Error}.
 */
final class WarmUp {

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  private WarmUp() {}

  /** Does it; that it cannot be done is no failure yet. */
  static void run() {
    try (SocketChannel channel = SocketChannel.open();
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_CONNECT).cancel();
      selector.selectNow();
      LOG.debug("local host is {}", InetAddress.getByName("localhost"));
    } catch (IOException e) {
      LOG.debug("no warm-up", e);
    }
  }
}

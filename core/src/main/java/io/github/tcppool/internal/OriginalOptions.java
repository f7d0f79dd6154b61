package io.github.tcppool.internal;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the options of a socket were before a borrower changed them.
 *
 * <p>Any thread may note, before it changes an option: the first note of an option stays, and
 * whoever makes a later one has either seen the same value or comes after it. Only one puts back,
 * when nobody notes any more.
 */
final class OriginalOptions {

  private final Socket socket;
  private final Map<SocketOption<?>, Object> known = new ConcurrentHashMap<>();

  OriginalOptions(Socket socket) {
    this.socket = socket;
  }

  void note(SocketOption<?> option) throws IOException {
    if (!known.containsKey(option)) {
      Object unused = known.putIfAbsent(option, socket.getOption(option));
    }
  }

  /** Whether all options are again what they were. */
  boolean putBack() throws IOException {
    boolean all = true;
    for (Map.Entry<SocketOption<?>, Object> original : known.entrySet()) {
      all &= putBack(original.getKey(), original.getValue());
    }
    return all;
  }

  private <T> boolean putBack(SocketOption<T> option, Object value) throws IOException {
    T original = option.type().cast(value);
    if (original.equals(socket.getOption(option))) {
      return true;
    }
    Socket unused = socket.setOption(option, original);
    return original.equals(socket.getOption(option));
  }
}

package io.github.tcppool.internal.net;

import java.net.Socket;

/** Shows that the contract is the JDK's. */
class JdkSocketTest extends SocketContract {
  @Override
  protected Socket create() {
    return new Socket();
  }
}

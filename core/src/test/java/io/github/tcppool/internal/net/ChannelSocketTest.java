package io.github.tcppool.internal.net;

import java.io.IOException;
import java.net.Socket;

class ChannelSocketTest extends SocketContract {
  @Override
  protected Socket create() throws IOException {
    return new ChannelSocket();
  }
}

package io.github.tcppool.internal;

import java.io.IOException;
import java.net.SocketException;

/** A lease of a connection that is being made: the connect hook may begin TLS on it. */
final class HookSocket extends LeasedSocket {

  /** Begins TLS. */
  interface Upgrade {
    void perform() throws IOException;
  }

  private final Upgrade upgrade;

  HookSocket(Connection connection, Keeper keeper, Upgrade upgrade) throws SocketException {
    super(connection, keeper);
    this.upgrade = upgrade;
  }

  @Override
  public void startTls() throws IOException {
    use(upgrade::perform);
  }
}

package io.github.tcppool.benchmarks.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.integration.ip.tcp.connection.CachingClientConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/** Spring Integration's cache of real connections; each of them has a thread that reads. */
final class SpringPeer implements Peer {

  private final Backlog backlog;
  private final CachingClientConnectionFactory factory;

  SpringPeer(int objects) throws Exception {
    backlog = new Backlog(objects);
    factory = SpringConnections.open(backlog.port(), objects, message -> {});
    List<TcpConnectionSupport> made = new ArrayList<>();
    for (int i = 0; i < objects; i++) {
      made.add(factory.obtainConnection());
    }
    made.forEach(TcpConnectionSupport::close);
  }

  @Override
  public void cycle() {
    factory.obtainConnection().close();
  }

  @Override
  public void close() throws IOException {
    factory.stop();
    backlog.close();
  }
}

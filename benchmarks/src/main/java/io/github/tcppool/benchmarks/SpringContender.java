package io.github.tcppool.benchmarks;

import io.github.tcppool.benchmarks.peers.SpringConnections;
import org.springframework.integration.ip.tcp.connection.CachingClientConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/** Spring Integration's caching connection factory: obtain, send, close, which gives it back. */
final class SpringContender implements Contender {

  private final CachingClientConnectionFactory factory;
  private final int bytes;

  SpringContender(int port, int connections, int bytes) {
    this.bytes = bytes;
    factory = SpringConnections.open(port, connections, message -> {});
  }

  @Override
  public Operation operation(int thread) {
    Message<byte[]> message = new GenericMessage<>(Contender.message(bytes));
    return () -> {
      TcpConnectionSupport connection = factory.obtainConnection();
      connection.send(message);
      connection.close();
    };
  }

  @Override
  public void close() {
    factory.stop();
  }
}

/**
 * A connection pool for raw TCP: a drop-in {@link java.net.Socket} with pooling and auto-reconnect.
 */
module io.github.tcppool {
  requires jdk.net;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports io.github.tcppool;
  exports io.github.tcppool.balance;
  exports io.github.tcppool.discovery;
  exports io.github.tcppool.framing;
}

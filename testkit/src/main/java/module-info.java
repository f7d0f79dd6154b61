/**
 * Scripted TCP peers and a fault-injecting proxy, to test how a client lives through outages.
 *
 * <p>Everything runs inside the test's own JVM, on the loopback interface, without root rights.
 */
module io.github.tcppool.testkit {
  requires static org.jspecify;

  exports io.github.tcppool.testkit;
}

/** The command line tool: serve, send, exchange, probe and demo. */
module io.github.tcppool.cli {
  requires info.picocli;
  requires io.github.tcppool;
  requires io.github.tcppool.testkit;
  requires jdk.unsupported; // sun.misc.Signal, the only way to hear of a second Ctrl-C
  requires static org.jspecify;

  opens io.github.tcppool.cli to
      info.picocli;
}

/** Runnable classes behind the snippets of README and guide. */
module io.github.tcppool.examples {
  requires io.github.tcppool;
  requires io.github.tcppool.testkit;
  requires static org.jspecify;
}

package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.EndpointHealth;
import io.github.tcppool.HealthCheck;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.Heartbeat;
import io.github.tcppool.Ping;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Finds out that a server is unwell although it accepts connections, without a single call. */
public final class AskServers {

  private AskServers() {}

  /** Waits until the server that does not answer pings is left alone. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Behaviour answers =
        Behaviour.replies(frame -> frame.length < 3 ? new byte[0] : "+PONG\r\n".getBytes(UTF_8));
    try (TcpPeer well = TcpPeer.start(answers);
        TcpPeer unwell = TcpPeer.start(Behaviour.silent())) {
      CountDownLatch found = new CountDownLatch(1);
      TcpPool.Builder builder =
          TcpPool.builder(well.hostPort(), unwell.hostPort())
              .health(policy())
              .framing(Framing.lines())
              .listener(event -> listen(event, found));
      try (TcpPool pool = builder.build()) {
        if (!found.await(30, TimeUnit.SECONDS)) {
          throw new IOException("nobody was found to be unwell");
        }
        WatchHealth.tell(pool);
      }
    }
  }

  private static void listen(PoolEvent event, CountDownLatch found) {
    if (event instanceof PoolEvent.HealthChanged changed
        && changed.to() == EndpointHealth.FAILING) {
      found.countDown();
    }
  }

  static HealthPolicy policy() {
    Ping ping = Ping.of("PING\r\n".getBytes(UTF_8), "+PONG\r\n".getBytes(UTF_8));
    HealthPolicy asking =
        HealthPolicy.defaults()
            .check(HealthCheck.of(ping).interval(Duration.ofSeconds(5)).rise(2).fall(3))
            .heartbeat(Heartbeat.of(ping).idle(Duration.ofSeconds(30)));
    return asking;
  }
}

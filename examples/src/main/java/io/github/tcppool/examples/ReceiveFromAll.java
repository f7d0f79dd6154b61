package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.time.Duration;

/** Takes what several servers push, whichever speaks first. */
public final class ReceiveFromAll {

  private static final CallOptions SOON = CallOptions.within(Duration.ofMillis(300));

  private ReceiveFromAll() {}

  /** Listens to two servers that it starts itself. */
  public static void main(String[] args) throws IOException {
    try (TcpPeer first = TcpPeer.start(Behaviour.sends("a1\na2\n").then(Behaviour.sink()));
        TcpPeer second = TcpPeer.start(Behaviour.sends("b1\nb2\n").then(Behaviour.sink()));
        TcpPool pool =
            TcpPool.builder(first.hostPort(), second.hostPort())
                .connections(1) // receive() does not dial: the minimum does
                .framing(Framing.lines())
                .build()) {
      System.out.println(drain(pool) + " frames");
    }
  }

  static int drain(TcpPool pool) throws IOException {
    int frames = 0;
    while (true) {
      try {
        System.out.println(new String(pool.receive(SOON), UTF_8));
        frames++;
      } catch (CallTimeoutException e) {
        return frames; // nobody said anything for 300 ms
      }
    }
  }
}

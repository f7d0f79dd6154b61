package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.DiscoverySnapshot;
import io.github.tcppool.Endpoint;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.TcpPool;
import io.github.tcppool.discovery.Discovery;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Works on whichever endpoints a file names, and on those of a registry. */
public final class FollowEndpoints {

  private FollowEndpoints() {}

  /** A registry that can be asked. */
  interface Registry {
    List<Endpoint> addressesOf(String service) throws IOException;
  }

  /** Replaces the file while a pool is at work. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path file = Files.createTempFile("endpoints", ".txt");
    CountDownLatch left = new CountDownLatch(1);
    try (TcpPeer first = TcpPeer.start(Behaviour.echo());
        TcpPeer second = TcpPeer.start(Behaviour.echo())) {
      Files.writeString(file, first.hostPort() + " weight=2 # ours\n");
      try (TcpPool pool =
          TcpPool.builder(Discovery.file(file))
              .removalGrace(Duration.ofMillis(100)) // not gone for good yet
              .framing(Framing.lines())
              .listener(event -> told(event, left))
              .build()) {
        pool.exchange("one".getBytes(UTF_8));
        replace(file, second.hostPort());
        boolean moved = left.await(20, TimeUnit.SECONDS);
        pool.exchange("two".getBytes(UTF_8));
        DiscoverySnapshot discovery = pool.snapshot().discovery();
        System.out.println(
            moved + ", " + discovery.joined() + " joined, " + discovery.left() + " left");
      }
      askARegistry(service -> List.of(Endpoint.parse(second.hostPort())));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** By renaming, so that no half of it is ever seen. */
  private static void replace(Path file, String text) throws IOException {
    Path next = Files.createTempFile("endpoints", ".next");
    Files.writeString(next, text);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void askARegistry(Registry registry) throws IOException {
    Discovery ours =
        sink -> {
          sink.push(registry.addressesOf("orders"));
          return Duration.ofSeconds(10); // when to ask again
        };
    try (TcpPool pool = TcpPool.builder(ours).framing(Framing.lines()).build()) {
      System.out.println(new String(pool.exchange("registered".getBytes(UTF_8)), UTF_8));
    }
  }

  static void told(PoolEvent event, CountDownLatch left) {
    if (event instanceof PoolEvent.EndpointJoined joined) {
      System.out.println("joined: " + joined.reason());
    } else if (event instanceof PoolEvent.EndpointLeft gone) {
      System.out.println("left: " + gone.reason());
      left.countDown();
    }
  }
}

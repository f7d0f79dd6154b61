package io.github.tcppool.proof.faults;

import io.github.tcppool.CallOptions;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.History;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * In a namespace with ten local ports: takes them all for one endpoint, calls in vain, reaches the
 * other endpoint all the same, and calls again when a connection is returned. Prints what went
 * wrong, or {@code ok}. Arguments: both endpoints, the verb.
 */
final class PortsMain {

  private static final int PORTS = 10;
  private static final CallOptions PATIENT = CallOptions.within(Duration.ofSeconds(10));

  private PortsMain() {}

  public static void main(String[] args) throws Exception {
    Verb verb = Verb.valueOf(args[2]);
    History history = new History();
    try (TcpPool pool = open(args[0]);
        TcpPool other = open(args[1])) {
      List<PooledSocket> leases = new ArrayList<>();
      for (int i = 0; i < PORTS; i++) {
        leases.add(pool.lease(PATIENT));
      }
      Call vain =
          history.call(verb, pool, Message.of(1, 1), CallOptions.within(Duration.ofMillis(400)));
      require(vain.ending() == Ending.NOT_SENT, "nothing is sent", vain);
      require(root(vain.failure()) instanceof BindException, "the cause is told", vain);
      require(pool.snapshot().endpoints().get(0).up(), "no endpoint is blamed", pool.snapshot());
      long dials = pool.snapshot().endpoints().get(0).dialFailures();
      require(dials >= 1 && dials <= 10, "dials keep the pace of the backoff", dials);
      Call elsewhere = history.call(verb, other, Message.of(1, 2), PATIENT);
      require(elsewhere.succeeded(), "another endpoint is in reach", elsewhere);

      CompletableFuture<Call> waiting =
          CompletableFuture.supplyAsync(() -> history.call(verb, pool, Message.of(1, 3), PATIENT));
      while (pool.snapshot().waiting() == 0) {
        Thread.onSpinWait();
      }
      long back = System.nanoTime();
      leases.remove(0).close();
      Call served = waiting.join();
      require(served.succeeded(), "a returned connection serves who waits", served);
      long millis = (served.endedNanos() - back) / 1_000_000;
      require(millis < 750, "250 ms, and more on a busy machine", millis);
      for (PooledSocket lease : leases) {
        lease.close();
      }
    }
    System.out.println("ok");
  }

  private static TcpPool open(String endpoint) {
    return TcpPool.builder(endpoint).framing(Message.framing()).connections(0, 20).build();
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static void require(boolean fact, String rule, Object seen) {
    if (!fact) {
      System.out.println(rule + ", but: " + seen);
      Runtime.getRuntime().halt(1);
    }
  }
}

package io.github.tcppool.proof.faults;

import static io.github.tcppool.proof.faults.FaultCase.AMPLE;
import static io.github.tcppool.proof.faults.FaultCase.poolOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.CallOptions;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.TcpPool;
import io.github.tcppool.balance.Balancer;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.proof.fleet.ServerProcess;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.FaultProxy;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows 17 to 20: servers that die and come back, one, one after the other, or all; a slow one. */
@Tag("alone") // server processes get their ports back
class RestartTest {

  private static final CallOptions PATIENT = CallOptions.within(AMPLE);
  private static final int CALLERS = 4;

  @RegisterExtension final FaultCase fault = new FaultCase();

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger succeeded = new AtomicInteger();
  private final Queue<Call> failed = new ConcurrentLinkedQueue<>();

  // ---- 17: one server is killed and started again ----

  @ParameterizedTest
  @EnumSource
  void aKilledServerCostsOnlyWhatWasInFlightAndCallsGoOnAsSoonAsItListens(Verb verb)
      throws Exception {
    ServerProcess server = fault.process(ServerProcess.Mode.ECHO);
    TcpPool pool = fault.pool(poolOf(server.hostPort()));
    List<CompletableFuture<Void>> callers = load(verb, pool);
    awaitMore(50);
    server.kill();
    FaultCase.awaitUntil(pool, "refusals", now -> now.endpoints().get(0).dialFailures() > 2);
    int before = succeeded.get();
    server.restart();
    awaitMore(50);
    long first = server.log().firstMessageNanos();
    assertThat(Duration.ofNanos(first - server.log().startedNanos()))
        .as("250 ms by contract until the first message, which RecoveryTest asserts")
        .isLessThan(FaultCase.SOON);
    end(callers);
    assertThat(succeeded.get()).isGreaterThan(before);
    assertThat(failed)
        .as("calls in flight, and calls begun while the kernel closed one socket after the other")
        .hasSizeLessThanOrEqualTo(2 * CALLERS);
    if (verb == Verb.SEND) {
      assertThat(failed).isEmpty();
    }
  }

  // ---- 18: rolling restart ----

  @ParameterizedTest
  @EnumSource
  void aRollingRestartCostsOnlyWhatWasInFlight(Verb verb) throws Exception {
    List<TcpPeer> peers = List.of(fault.peer(Behaviour.echo()), fault.peer(Behaviour.echo()));
    TcpPool pool = fault.pool(poolOf(peers.get(0).hostPort(), peers.get(1).hostPort()));
    List<CompletableFuture<Void>> callers = load(verb, pool);
    for (TcpPeer peer : peers) {
      awaitMore(100);
      peer.kill();
      awaitMore(100);
      peer.restart();
      long back = peer.framesReceived();
      peer.awaitFrames(back + 10);
    }
    end(callers);
    assertThat(failed).as("calls in flight at the kills").hasSizeLessThanOrEqualTo(2 * CALLERS);
    assertThat(failed).allMatch(call -> call.ending() != Ending.NOT_SENT);
  }

  // ---- 19: all down, then back ----

  @ParameterizedTest
  @EnumSource
  void whenAllAreDownCallersWaitTheirTurnAndNoEndpointIsStormed(Verb verb) throws Exception {
    TcpPeer one = fault.peer(Behaviour.echo());
    TcpPeer two = fault.peer(Behaviour.echo());
    one.kill();
    two.kill();
    TcpPool pool = fault.pool(poolOf(one.hostPort(), two.hostPort()));
    List<CompletableFuture<Call>> waiting = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < 8; i++) {
      waiting.add(fault.start(verb, pool, Message.MIN_BYTES, PATIENT));
    }
    FaultCase.awaitUntil(pool, "eight waiters", now -> now.waiting() == 8);
    FaultCase.awaitUntil(
        pool,
        "failed dials to both, after the first four one at a time",
        now -> {
          assertThat(now.endpoints())
              .filteredOn(endpoint -> endpoint.dialFailures() > 4)
              .allMatch(endpoint -> endpoint.dialing() <= 1);
          return now.endpoints().stream().allMatch(endpoint -> endpoint.dialFailures() >= 9);
        });
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("six dials with a backoff of 10 ms that doubles")
        .isGreaterThan(Duration.ofMillis(150));
    one.restart();
    two.restart();
    long back = System.nanoTime();
    for (CompletableFuture<Call> started : waiting) {
      Call call = FaultCase.result(started);
      assertThat(call.succeeded()).as("%s", call).isTrue();
      assertThat(Duration.ofNanos(call.endedNanos() - back))
          .as("500 ms by contract, which RecoveryTest asserts; here on a busy machine too")
          .isLessThan(FaultCase.SOON);
    }
    assertThat(pool.snapshot().endpoints())
        .extracting(EndpointSnapshot::total)
        .allMatch(n -> n <= 4);
    FaultCase.awaitThat(
        "both were told to be down",
        () -> fault.watch().events(PoolEvent.EndpointDown.class).size() == 2);
  }

  // ---- 20: one slow, not failing ----

  @ParameterizedTest
  @EnumSource(names = {"EXCHANGE", "LEASE"})
  void aBalancerThatSeesTheLoadShiftsItAwayFromASlowEndpoint(Verb verb) throws Exception {
    TcpPeer slow = fault.peer(Behaviour.echo());
    TcpPeer fast = fault.peer(Behaviour.echo());
    FaultProxy proxy = fault.proxyTo(slow);
    proxy.downstream().latency(Duration.ofMillis(60), Duration.ZERO);
    TcpPool pool =
        fault.pool(poolOf(proxy.hostPort(), fast.hostPort()).balancer(Balancer.leastLoaded()));
    List<CompletableFuture<Void>> callers = load(verb, pool);
    awaitMore(200);
    end(callers);
    assertThat(failed).isEmpty();
    assertThat(slow.framesReceived()).isLessThan(fast.framesReceived() / 3);
  }

  // ---- load ----

  private List<CompletableFuture<Void>> load(Verb verb, TcpPool pool) {
    List<CompletableFuture<Void>> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(
          CompletableFuture.runAsync(
              () -> callUntilOver(verb, pool),
              task -> {
                Thread thread = new Thread(task, "restart-caller");
                thread.setDaemon(true);
                thread.start();
              }));
    }
    return callers;
  }

  private void callUntilOver(Verb verb, TcpPool pool) {
    while (!over.get()) {
      Call call = fault.call(verb, pool, Message.MIN_BYTES, PATIENT);
      if (call.succeeded()) {
        succeeded.incrementAndGet();
      } else {
        failed.add(call);
      }
      LockSupport.parkNanos(500_000); // a pace that logs can keep
    }
  }

  private void awaitMore(int calls) {
    int wanted = succeeded.get() + calls;
    await()
        .atMost(FaultCase.PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> succeeded.get() >= wanted);
  }

  private void end(List<CompletableFuture<Void>> callers) {
    over.set(true);
    callers.forEach(CompletableFuture::join);
  }
}

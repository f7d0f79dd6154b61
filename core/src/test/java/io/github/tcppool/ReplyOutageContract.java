package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.linesTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.FaultProxy;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What outages do to callers that wait for a reply, beside what they do to all. */
abstract class ReplyOutageContract extends OutageContract {

  ReplyOutageContract(EntryPoint entry, Bench.Flavour flavour) {
    super(entry, flavour);
  }

  @Test
  void theDeadlineIsKeptWhenThePeerNeverAnswers() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.silent());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(1, 2));
    awaitIdle(pool, 1); // else a dial might be all that there is time for
    assertDeadlineKept(pool, "anybody?");
    assertThat(pool.snapshot().closedBy()).containsOnlyKeys(CloseReason.TIMED_OUT);
  }

  @Test
  void theDeadlineIsKeptWhenTheNetworkSwallowsEverything() throws Exception {
    FaultProxy proxy = bench.proxyTo(bench.peer(Behaviour.echo()));
    TcpPool pool = bench.pool(linesTo(proxy.hostPort()).connections(0, 1));
    entry.talk(pool, "hello");
    proxy.blackhole();
    assertDeadlineKept(pool, "anybody?");
  }

  @Test
  void anInterruptFreesTheCallerThatWaitsForTheReply() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.silent());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    Task<Void> caller = bench.start(() -> talk(pool, "anybody?", Duration.ofSeconds(20)));
    peer.awaitFrames(1);
    assertFreedByInterrupt(caller);
    peer.behave(Behaviour.echo());
    entry.talk(pool, "healthy");
    assertThat(pool.snapshot().endpoints().get(0).up()).isTrue();
  }
}

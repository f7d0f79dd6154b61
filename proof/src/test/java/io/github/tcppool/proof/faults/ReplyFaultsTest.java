package io.github.tcppool.proof.faults;

import static io.github.tcppool.proof.faults.FaultCase.AMPLE;
import static io.github.tcppool.proof.faults.FaultCase.poolOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallOptions;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.FaultProxy;
import io.github.tcppool.testkit.TcpPeer;
import java.io.EOFException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In clear, where a byte of a reply is a byte on the wire. */
class ReplyFaultsTest extends ReplyFaults {

  ReplyFaultsTest() {
    super(new FaultCase());
  }

  // ---- 9: FIN in the middle of a reply ----

  @ParameterizedTest
  @EnumSource(names = {"EXCHANGE", "LEASE"})
  void aReplyThatEndsInTheMiddleIsNeverGivenAsAShortOne(Verb verb) {
    TcpPeer peer = fault.peer(Behaviour.echo());
    FaultProxy proxy = fault.proxyTo(peer);
    TcpPool pool = fault.pool(poolOf(proxy.hostPort()));
    for (int bytes = 1; bytes < Message.HEADER_BYTES + Message.MIN_BYTES; bytes += 6) {
      proxy.downstream().cutAfter(bytes);
      Call call = fault.call(verb, pool, Message.MIN_BYTES, CallOptions.within(AMPLE));
      assertThat(call.ending()).as("%s", call).isEqualTo(Ending.UNKNOWN);
      assertThat(call.took()).isLessThan(FaultCase.SOON);
      assertThat(verb == Verb.EXCHANGE ? call.failure().getCause() : call.failure())
          .isInstanceOf(verb == Verb.EXCHANGE ? FrameException.class : EOFException.class);
      proxy.heal();
    }
    assertThat(pool.snapshot().idle()).isZero();
    fault.assertWorks(verb, pool);
  }
}

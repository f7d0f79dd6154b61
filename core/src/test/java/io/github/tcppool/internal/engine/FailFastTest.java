package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.EndpointHealth;
import io.github.tcppool.HealthPolicy;
import io.github.tcppool.balance.Balancer;
import org.junit.jupiter.api.Test;

/** What becomes of calls while all endpoints are down, and are not to be waited for. */
class FailFastTest {

  private final Rig rig = new Rig(3, Balancer.roundRobin(), o -> o.connections(0, 10));

  private static void failFast(Rig rig) {
    rig.update(o -> o.health(HealthPolicy.defaults().failFast(true)));
  }

  private void down(int endpoint) {
    rig.net.down.add(rig.endpoints.get(endpoint));
    rig.call(Use.CALL, endpoint, 1);
    rig.finishDials();
    rig.advance(1);
    assertThat(rig.at(endpoint).health().state()).isEqualTo(EndpointHealth.DOWN);
  }

  @Test
  void callsWaitForEndpointsThatAreAllDownUnlessTheyAreToFailFast() {
    down(0);
    down(1);
    down(2);
    Caller patient = rig.call();
    assertThat(patient.isWaiting()).isTrue();
    failFast(rig);
    assertThat(patient.hasFailed()).as("from the update on").isTrue();
    assertThat(rig.call().failure())
        .isInstanceOf(ConnectFailedException.class)
        .hasMessage(
            "rig: no connection to server2:1002, which is down; last failure: Connection refused")
        .hasCause(rig.net.failure);
    assertThat(rig.engine.closings().waiting()).isZero();
    assertThat(rig.engine.closings().timeouts()).as("those of down()").isEqualTo(3);
  }

  @Test
  void callsThatFailFastAskForADialAtThePaceOfThoseWhoWait() {
    failFast(rig);
    down(0);
    down(1);
    down(2);
    rig.advance(12); // a busy backoff is over, and the wait before a probe is not
    rig.upkeep();
    assertThat(rig.dials).isEmpty();
    rig.net.down.clear();
    assertThat(rig.call().hasFailed()).isTrue();
    assertThat(rig.dials).as("one for each endpoint").hasSize(3);
    rig.finishDials();
    assertThat(rig.call().got()).isNotNull();
  }

  @Test
  void whoWaitsFailsWhenTheLastEndpointGoesDown() {
    Rig two = new Rig(2, Balancer.roundRobin(), o -> o.connections(0, 1));
    failFast(two);
    two.net.down.addAll(two.endpoints);
    Caller first = two.call();
    Caller second = two.call();
    two.finishDial();
    assertThat(first.isWaiting()).as("the other one may work").isTrue();
    two.finishDials();
    assertThat(first.failure()).isInstanceOf(ConnectFailedException.class);
    assertThat(second.failure()).isInstanceOf(ConnectFailedException.class);
  }

  @Test
  void whoMayHaveOneEndpointOnlyFailsFastWhenThatIsDown() {
    failFast(rig);
    down(1);
    assertThat(rig.call(Use.CALL, 1, 1000).failure())
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("server1:1001, which is down");
    Caller other = rig.call();
    assertThat(other.isWaiting()).as("for an endpoint that may work").isTrue();
    rig.finishDials();
    assertThat(other.got().endpoint).isNotEqualTo(rig.endpoints.get(1));
  }

  @Test
  void whoFindsNoEndpointAtAllWaits() {
    Rig empty = new Rig(0, Balancer.roundRobin(), o -> {});
    failFast(empty);
    assertThat(empty.call().isWaiting()).isTrue();
  }
}

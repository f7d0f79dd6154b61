package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.balance.Balancer;
import java.net.BindException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a failed or a slow dial says of its endpoint, and what it does not. */
class BlameTest {

  private final Rig rig = new Rig(o -> o.connections(0, 4).maxDials(3));

  // ---- a connect that goes unanswered ----

  @Test
  void aDialThatIsLateDoesNotKeepItsWaiterFromTheOtherEndpoints() {
    Rig two = new Rig(2, Balancer.roundRobin(), o -> o.connections(0, 4));
    Caller caller = two.call();
    assertThat(two.at(0).dialing() + two.at(1).dialing()).isEqualTo(1);
    Runnable unanswered = two.dials.poll();

    assertThat(two.upkeep()).as("when to look again").isEqualTo(DialPlan.LATE_MILLIS);
    two.advance(DialPlan.LATE_MILLIS - 1);
    two.upkeep();
    assertThat(two.dials).isEmpty();
    two.advance(1);
    two.upkeep();
    assertThat(two.at(0).dialing()).isEqualTo(1);
    assertThat(two.at(1).dialing()).isEqualTo(1);
    two.finishDial();
    assertThat(caller.got()).isNotNull();
    unanswered.run();
    assertThat(two.at(0).idle() + two.at(1).idle()).isEqualTo(1);
  }

  @Test
  void endpointsThatAreAllLateGetNoMoreDialsForIt() {
    Rig two = new Rig(2, Balancer.roundRobin(), o -> o.connections(0, 4));
    two.call();
    for (int i = 0; i < 10; i++) {
      two.advance(DialPlan.LATE_MILLIS);
      two.upkeep();
    }
    assertThat(two.dials).hasSize(2);
    rig.call();
    rig.advance(10 * DialPlan.LATE_MILLIS);
    rig.upkeep();
    assertThat(rig.dials).as("dials of a pool with one endpoint").hasSize(1);
  }

  // ---- down ----

  @Test
  void anEndpointIsNotDownWhileAConnectionThatHasProvedItselfIsLeft() {
    FakeConnection proven = rig.idle(1).get(0);
    rig.acquire();
    proven.bytesRead = 1;
    rig.release(proven);
    rig.acquire();
    rig.net.down.add(rig.endpoints.get(0));
    rig.call();
    rig.finishDial();
    assertThat(rig.only().dialFailures()).isEqualTo(1);
    assertThat(rig.only().up()).isTrue();
    assertThat(rig.events(PoolEvent.EndpointDown.class)).isEmpty();

    rig.discard(proven);
    assertThat(rig.only().up()).isFalse();
    assertThat(rig.events(PoolEvent.EndpointDown.class)).hasSize(1);
  }

  @Test
  void anEndpointWhoseConnectionsHaveProvedNothingIsDown() {
    rig.idle(1);
    rig.acquire();
    rig.net.down.add(rig.endpoints.get(0));
    rig.call();
    rig.finishDial();
    assertThat(rig.only().up()).isFalse();
  }

  // ---- faults of this machine ----

  @Test
  void aFaultOfThisMachineIsToldAndPacedAndNotHeldAgainstTheEndpoint() {
    rig.net.down.add(rig.endpoints.get(0));
    rig.net.failure = new LocalFaultException(new BindException("no port is free"));
    Caller caller = rig.call(100);
    rig.finishDial();
    assertThat(rig.dials).as("a dial before the backoff is over").isEmpty();
    assertThat(rig.only().up()).isTrue();
    assertThat(rig.engine.lane(0).isUsable()).isTrue();
    assertThat(rig.engine.lane(0).failuresToBlame()).isZero();
    assertThat(rig.events(PoolEvent.EndpointDown.class)).isEmpty();
    assertThat(rig.events(PoolEvent.DialFailed.class)).hasSize(1);

    rig.advance(100);
    assertThat(caller.failure())
        .isInstanceOf(CallTimeoutException.class)
        .hasMessageContaining("no port is free")
        .hasCauseInstanceOf(BindException.class);
  }

  @Test
  void anErrorOfTheMachineIsNotHeldAgainstTheEndpointEither() {
    rig.net.down.add(rig.endpoints.get(0));
    rig.net.failure = new NoClassDefFoundError("out of descriptors when it was to be loaded");
    rig.call();
    rig.finishDial();
    assertThat(rig.only().dialFailures()).isEqualTo(1);
    assertThat(rig.only().up()).isTrue();
  }

  @Test
  void theFirstDialThatSucceedsAfterAFaultOfThisMachineEndsItsPace() {
    rig.net.down.add(rig.endpoints.get(0));
    rig.net.failure = new LocalFaultException(new BindException("no port is free"));
    Caller first = rig.call();
    rig.finishDial();
    rig.net.down.clear();
    rig.call();
    rig.call();
    rig.advance(20);
    rig.upkeep();
    assertThat(rig.dials).as("dials at a time while it fails").hasSize(1);
    rig.finishDial();
    assertThat(first.got()).isNotNull();
    assertThat(rig.dials).as("dials for those who wait on").hasSize(2);
  }

  // ---- pauses between attempts ----

  @Test
  void aPauseEndsWhenItsTimeHasCome() {
    Caller caller = pausing(50);
    rig.advance(49);
    assertThat(caller.isWaiting()).isTrue();
    rig.advance(1);
    assertThat(caller.isWaiting()).isFalse();
  }

  @Test
  void aPauseEndsWhenThePoolIsShut() {
    Caller caller = pausing(Rig.FOREVER_MILLIS);
    rig.engine.closings().shut();
    assertThat(caller.isWaiting()).isFalse();
    assertThat(pausing(Rig.FOREVER_MILLIS).isWaiting()).isFalse();
  }

  @Test
  void anInterruptEndsAPauseAndTheCall() {
    Caller caller = pausing(Rig.FOREVER_MILLIS);
    caller.interrupt();
    assertThat(caller.failure()).isInstanceOf(CallInterruptedException.class);
    assertThat(caller.wasInterruptedAtEnd()).isTrue();
  }

  private Caller pausing(long millis) {
    long until = rig.now() + TimeUnit.MILLISECONDS.toNanos(millis);
    Caller caller =
        new Caller(
            rig,
            () -> {
              rig.engine.pause(until);
              return null;
            });
    rig.callers.add(caller);
    return caller;
  }
}

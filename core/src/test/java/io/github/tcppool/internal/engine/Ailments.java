package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.CloseReason;
import io.github.tcppool.EndpointHealth;
import io.github.tcppool.balance.Balancer;
import java.net.SocketException;

/** What happens to endpoints on a bench, in words of their health. */
final class Ailments {

  private Ailments() {}

  static Rig rig(int endpoints) {
    Rig rig = new Rig(endpoints, Balancer.roundRobin(), o -> o.connections(0, 10));
    for (int i = 0; i < endpoints; i++) {
      warm(rig, i, 2);
    }
    return rig;
  }

  /** Makes idle connections that have proved themselves. */
  static void warm(Rig rig, int endpoint, int connections) {
    for (int i = 0; i < connections; i++) {
      rig.call(Use.CALL, endpoint, 1000);
    }
    rig.finishDials();
    for (Caller caller : rig.callers) {
      caller.got().bytesRead = 1;
      rig.release(caller.got());
    }
    rig.callers.clear();
  }

  /** A call fails on a connection that had been of use. */
  static void fail(Rig rig, int endpoint, Exception cause) {
    Caller caller = rig.call(Use.CALL, endpoint, 1000);
    if (caller.isWaiting()) {
      rig.finishDials();
    }
    FakeConnection connection = caller.got();
    connection.owners.decrementAndGet();
    connection.bytesRead = 1;
    rig.advance(1);
    rig.engine.results().failed(connection, CloseReason.PEER_RESET, (java.io.IOException) cause);
  }

  static SocketException reset() {
    return new SocketException("Connection reset");
  }

  static void eject(Rig rig, int endpoint) {
    for (int i = 0; i < 5; i++) {
      fail(rig, endpoint, reset());
    }
    assertThat(rig.at(endpoint).health().state()).isEqualTo(EndpointHealth.EJECTED);
  }

  /** How many of so many calls go to this endpoint. */
  static int callsTo(Rig rig, int endpoint, int calls) {
    int there = 0;
    for (int i = 0; i < calls; i++) {
      FakeConnection connection = rig.acquire();
      connection.bytesRead = 1;
      there += connection.endpoint.equals(rig.endpoints.get(endpoint)) ? 1 : 0;
      rig.release(connection);
    }
    return there;
  }

  /** No connection is left, and none can be made. */
  static void down(Rig rig, int endpoint) {
    rig.net.down.add(rig.endpoints.get(endpoint));
    for (FakeConnection connection : rig.net.opened) {
      if (connection.endpoint.equals(rig.endpoints.get(endpoint))) {
        connection.unfit = CloseReason.PEER_RESET;
      }
    }
    rig.call(Use.CALL, endpoint, 1);
    rig.finishDials();
    rig.advance(1);
    rig.callers.clear();
    assertThat(rig.at(endpoint).health().state()).isEqualTo(EndpointHealth.DOWN);
  }
}

package io.github.tcppool.internal.engine;

import io.github.tcppool.Endpoint;
import io.github.tcppool.RefreshReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** The endpoints of a {@link RandomRun}, which come and go, now and then all of them. */
final class RandomEndpoints {

  private static final int MOST = 4;

  private final SplittableRandom random;
  private final List<Endpoint> all = new ArrayList<>();
  private List<Endpoint> present;

  RandomEndpoints(SplittableRandom random) {
    this.random = random;
    int first = random.nextInt(MOST);
    for (int i = 0; i < MOST; i++) {
      all.add(Endpoint.of("server" + i, 1000 + i));
    }
    present = List.copyOf(all.subList(0, first));
  }

  /** Those that are in the pool. */
  List<Endpoint> present() {
    return present;
  }

  /** Those that are to be there from now on. */
  List<Endpoint> choose() {
    List<Endpoint> wanted = new ArrayList<>();
    for (Endpoint endpoint : all) {
      if (random.nextInt(3) != 0) {
        wanted.add(endpoint);
      }
    }
    return wanted;
  }

  void change(Membership<?> membership, List<Endpoint> wanted, boolean shut) {
    membership.change(wanted, RefreshReason.PUSHED);
    if (!shut) {
      present = List.copyOf(membership.endpoints());
      if (!Set.copyOf(present).equals(Set.copyOf(wanted))) {
        throw new AssertionError("endpoints should be " + wanted + " but are " + present);
      }
    }
  }

  /** The number of some endpoint that is there; of one that is not, if there is none. */
  int someNumber(Membership<?> membership) {
    return present.isEmpty()
        ? Engine.NOTHING
        : membership.numberOf(present.get(random.nextInt(present.size())));
  }
}

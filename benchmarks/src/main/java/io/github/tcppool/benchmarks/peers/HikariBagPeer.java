package io.github.tcppool.benchmarks.peers;

import com.zaxxer.hikari.util.ConcurrentBag;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The bag below HikariCP, with entries that carry nothing. */
final class HikariBagPeer implements Peer {

  private static final class Entry extends AtomicInteger
      implements ConcurrentBag.IConcurrentBagEntry {
    private static final long serialVersionUID = 1L;

    @Override
    public void setState(int state) {
      set(state);
    }

    @Override
    public int getState() {
      return get();
    }
  }

  private final ConcurrentBag<Entry> bag = new ConcurrentBag<>(waiting -> {});

  HikariBagPeer(int objects) {
    for (int i = 0; i < objects; i++) {
      bag.add(new Entry());
    }
  }

  @Override
  public void cycle() throws Exception {
    bag.requite(bag.borrow(30, TimeUnit.SECONDS));
  }

  @Override
  public void close() {
    bag.close();
  }
}

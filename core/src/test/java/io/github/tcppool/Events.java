package io.github.tcppool;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that keeps what it is told, in the order in which it was told. */
final class Events implements PoolListener {

  private final List<PoolEvent> all = new CopyOnWriteArrayList<>();

  @Override
  public void onEvent(PoolEvent event) {
    all.add(event);
  }

  List<PoolEvent> all() {
    return all;
  }

  <E extends PoolEvent> List<E> of(Class<E> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  List<CloseReason> closeReasons() {
    return of(PoolEvent.ConnectionClosed.class).stream()
        .map(PoolEvent.ConnectionClosed::reason)
        .toList();
  }

  /** The first event of a kind, waiting for it. */
  <E extends PoolEvent> E awaitFirst(Class<E> kind) {
    await(kind.getSimpleName()).atMost(Bench.PATIENCE).until(() -> !of(kind).isEmpty());
    return of(kind).get(0);
  }

  void awaitClosed(CloseReason reason, int times) {
    await(times + " closed for " + reason)
        .atMost(Bench.PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> closeReasons().stream().filter(reason::equals).count() >= times);
  }
}

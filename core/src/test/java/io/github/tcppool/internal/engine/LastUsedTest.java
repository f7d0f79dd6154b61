package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LastUsedTest {

  private static final int MANY = 10_001;

  private final LastUsed lastUsed = new LastUsed();

  private static <T> T elsewhere(Supplier<T> work) throws Exception {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread thread = new Thread(() -> done.complete(work.get()));
    thread.start();
    return done.get();
  }

  private void miss(int times) {
    for (int i = 0; i < times; i++) {
      lastUsed.missed();
    }
  }

  @Test
  void everybodyBeginsAtTheOneThatWasReleasedLast() throws Exception {
    lastUsed.released(7);
    assertThat(lastUsed.slot()).isEqualTo(7);
    assertThat(elsewhere(lastUsed::slot)).isEqualTo(7);
  }

  @Test
  void fewMissesDoNotSpreadTheCallers() throws Exception {
    miss(MANY - 1);
    lastUsed.gather();
    miss(MANY - 1);
    lastUsed.released(7);
    assertThat(elsewhere(lastUsed::slot)).isEqualTo(7);
  }

  @Test
  void afterManyMissesEachThreadBeginsAtItsOwn() throws Exception {
    miss(MANY);
    lastUsed.released(100);
    assertThat(lastUsed.slot()).isEqualTo(100);
    // Threads that are made one after the other do not share a hint.
    assertThat(elsewhere(lastUsed::slot)).isNotEqualTo(elsewhere(lastUsed::slot));
  }

  @Test
  void housekeepingGathersThemAgain() throws Exception {
    miss(MANY);
    lastUsed.gather();
    lastUsed.released(7);
    assertThat(elsewhere(lastUsed::slot)).isEqualTo(7);
  }
}

package io.github.tcppool.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RaceTest {

  private static final Race.Pace TINY =
      new Race.Pace(2, TimeUnit.MILLISECONDS.toNanos(50), TimeUnit.MILLISECONDS.toNanos(300));

  @Test
  void everyMessageOfBothSidesReachesTheSinkProcessWhichEndsWithItsOwner() throws Exception {
    ServerProcess sink = ServerProcess.start(LoadServer.Mode.SINK);
    try (sink;
        Contender ours = PoolContender.sending(sink.port(), 3);
        Contender theirs = RawContender.sending(sink.port(), 3)) {
      Race race = new Race(sink, TINY, 2, Threads.platform(), false).run(ours, theirs);

      assertThat(race.ofPool(Round.Result::operations).min()).isPositive();
      assertThat(race.ofRaw(Round.Result::operations).min()).isPositive();
      assertThat(race.ratio(Round.Result::perSecond).median()).isPositive();
      assertThat(sink.bytesReceived()).isPositive();
    }
    assertThat(sink.isAlive()).isFalse();
  }

  @Test
  void exchangesAreTimed() throws Exception {
    try (LoadServer echo = LoadServer.start(LoadServer.Mode.ECHO);
        Contender ours = PoolContender.exchanging(echo.port(), 1);
        Contender theirs = RawContender.exchanging(echo.port(), 1)) {
      long nanos = TimeUnit.MILLISECONDS.toNanos(300);
      for (Contender contender : new Contender[] {ours, theirs}) {
        Round.Result result = Round.run(contender, 1, Threads.platform(), nanos, true);

        assertThat(result.operations()).isPositive();
        assertThat(result.medianMicros()).isBetween(0.1, 1e6);
      }
    }
  }

  @Test
  void anOperationThatFailsEndsTheRound() throws Exception {
    LoadServer echo = LoadServer.start(LoadServer.Mode.ECHO);
    try (Contender theirs = RawContender.exchanging(echo.port(), 1)) {
      echo.close();
      long minute = TimeUnit.MINUTES.toNanos(1);

      assertThatThrownBy(() -> Round.run(theirs, 1, Threads.platform(), minute, false))
          .isInstanceOf(IOException.class)
          .hasMessage("an operation failed");
    }
  }
}

package io.github.tcppool.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RaceTest {

  private static final Race.Pace TINY =
      new Race.Pace(2, TimeUnit.MILLISECONDS.toNanos(50), TimeUnit.MILLISECONDS.toNanos(300));

  private static Map<String, Contender> field(Contender ours, Contender theirs) {
    Map<String, Contender> field = new LinkedHashMap<>();
    field.put("ours", ours);
    field.put("theirs", theirs);
    return field;
  }

  @Test
  void everyMessageOfBothSidesReachesTheSinkProcessWhichEndsWithItsOwner() throws Exception {
    ServerProcess sink = ServerProcess.start(LoadServer.Mode.SINK);
    try (sink;
        Contender ours = PoolContender.sending(sink.port(), 3, 64);
        Contender theirs = RawContender.sending(sink.port(), 3, 64)) {
      Race race =
          new Race(sink, TINY, Race.Load.full(2, Threads.platform(), 64)).run(field(ours, theirs));

      assertThat(race.of("ours", Round.Result::operations).min()).isPositive();
      assertThat(race.of("theirs", Round.Result::operations).min()).isPositive();
      assertThat(race.ratio("theirs", Round.Result::perSecond).median()).isPositive();
      assertThat(sink.bytesReceived()).isPositive();
    }
    assertThat(sink.isAlive()).isFalse();
  }

  @Test
  void everyContenderCarriesWholeMessages() throws Exception {
    try (ServerProcess echo = ServerProcess.start(LoadServer.Mode.ECHO);
        Contender channel = ChannelContender.exchanging(echo.port(), 2, 1024);
        Contender commons = new CommonsContender(echo.port(), 2, true, 1024);
        Contender netty = new NettyContender(echo.port(), 2, true, 1024);
        Contender lease = PoolContender.leasing(echo.port(), 2, 1024)) {
      Map<String, Contender> field = field(channel, commons);
      field.put("netty", netty);
      field.put("lease", lease);
      Race race = new Race(echo, TINY, Race.Load.full(2, Threads.platform(), 1024)).run(field);

      for (String name : race.names()) {
        assertThat(race.of(name, Round.Result::operations).min()).as(name).isPositive();
      }
    }
  }

  @Test
  void exchangesAreTimed() throws Exception {
    try (LoadServer echo = LoadServer.start(LoadServer.Mode.ECHO);
        Contender ours = PoolContender.exchanging(echo.port(), 1, 64);
        Contender theirs = RawContender.exchanging(echo.port(), 1, 64)) {
      long nanos = TimeUnit.MILLISECONDS.toNanos(300);
      for (Contender contender : new Contender[] {ours, theirs}) {
        Round.Result result = Round.run(contender, Race.Load.timed(64), nanos);

        assertThat(result.operations()).isPositive();
        assertThat(result.medianMicros()).isBetween(0.1, 1e6);
      }
    }
  }

  @Test
  void whoKeepsATimetableDoesNoMoreThanIsDue() throws Exception {
    try (LoadServer echo = LoadServer.start(LoadServer.Mode.ECHO);
        Contender ours = PoolContender.exchanging(echo.port(), 1, 64)) {
      long nanos = TimeUnit.MILLISECONDS.toNanos(300);
      long interval = TimeUnit.MILLISECONDS.toNanos(10);

      Round.Result result = Round.run(ours, Race.Load.paced(1, 64, interval), nanos);

      assertThat(result.operations() * interval)
          .isPositive()
          .isLessThan(TimeUnit.SECONDS.toNanos(60));
      assertThat(result.perSecond()).isLessThan(110);
    }
  }

  @Test
  void anOperationThatFailsEndsTheRound() throws Exception {
    LoadServer echo = LoadServer.start(LoadServer.Mode.ECHO);
    try (Contender theirs = RawContender.exchanging(echo.port(), 1, 64)) {
      echo.close();
      long minute = TimeUnit.MINUTES.toNanos(1);

      assertThatThrownBy(() -> Round.run(theirs, Race.Load.full(1, Threads.platform(), 64), minute))
          .isInstanceOf(IOException.class)
          .hasMessage("an operation failed");
    }
  }
}

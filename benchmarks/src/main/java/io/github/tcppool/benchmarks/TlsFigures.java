package io.github.tcppool.benchmarks;

import io.github.tcppool.benchmarks.Measured.Goal;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.function.ToDoubleFunction;
import javax.net.ssl.SSLContext;

/** The pool over TLS beside the JDK's own {@code SSLSocket}, both with the same context. */
final class TlsFigures {

  private static final String POOL = "tcp-pool";
  private static final String RAW = "raw SSLSocket";
  private static final int SMALL = Contender.MESSAGE_BYTES;
  private static final int LARGE = 64 << 10;

  private final Race.Pace pace;
  private final Report report;

  TlsFigures(Race.Pace pace, Report report) {
    this.pace = pace;
    this.report = report;
  }

  void measure() throws IOException, InterruptedException, GeneralSecurityException {
    try (SelfSigned certificate = SelfSigned.make();
        ServerProcess echo = ServerProcess.startTls(LoadServer.Mode.ECHO, certificate);
        ServerProcess sink = ServerProcess.startTls(LoadServer.Mode.SINK, certificate)) {
      SSLContext context = certificate.context();
      exchange(echo, context, SMALL, "`exchange` over TLS, 64 B, 1 thread");
      exchange(echo, context, LARGE, "`exchange` over TLS, 64 KiB, 1 thread");
      send(sink, context);
    }
  }

  private void exchange(ServerProcess echo, SSLContext context, int bytes, String what)
      throws IOException, InterruptedException {
    int port = echo.port();
    report.begin(what);
    try (Field field =
        new Field()
            .with(POOL, () -> PoolContender.exchangingTls(port, bytes, context))
            .with(RAW, () -> RawContender.exchangingTls(port, bytes, context))) {
      Race race = new Race(echo, pace, Race.Load.timed(bytes)).run(field.all());
      add(what + ", median, µs", race, Round.Result::medianMicros, Goal.atMost(1.15, RAW));
      add(what + ", k/s", race, TlsFigures::thousands, Goal.atLeast(0.9, RAW));
    }
  }

  private void send(ServerProcess sink, SSLContext context)
      throws IOException, InterruptedException {
    int port = sink.port();
    String what = "`send` over TLS, 64 KiB, 1 thread, k/s";
    report.begin(what);
    try (Field field =
        new Field()
            .with(POOL, () -> PoolContender.sendingTls(port, LARGE, context))
            .with(RAW, () -> RawContender.sendingTls(port, LARGE, context))) {
      Race.Load load = Race.Load.full(1, Threads.platform(), LARGE);
      Race race = new Race(sink, pace, load).run(field.all());
      add(what, race, TlsFigures::thousands, Goal.atLeast(0.9, RAW));
    }
  }

  private void add(String what, Race race, ToDoubleFunction<Round.Result> figure, Goal goal) {
    report.add(Measured.race(what, 1, race, figure, goal));
  }

  private static double thousands(Round.Result round) {
    return round.perSecond() / 1e3;
  }
}

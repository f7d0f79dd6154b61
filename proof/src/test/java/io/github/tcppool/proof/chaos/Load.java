package io.github.tcppool.proof.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Callers who make calls over and over, for a number of turns or until they are told to stop. */
final class Load implements AutoCloseable {

  /** One call of one caller. */
  @FunctionalInterface
  interface Turn {
    void take(int caller, int turn) throws Exception;
  }

  /** Thrown by a turn after which its caller takes no more. */
  static final class Done extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final Duration JOIN_LIMIT = Duration.ofSeconds(30);

  private final Callers callers = new Callers();
  private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;

  /** Starts callers who go on until {@link #stop()}, with a pause after each turn. */
  static Load start(int callers, Duration pause, Turn turn) {
    return start(callers, Integer.MAX_VALUE, pause, turn);
  }

  /** Starts callers who take so many turns each. */
  static Load start(int callers, int turns, Duration pause, Turn turn) {
    Load load = new Load();
    for (int i = 0; i < callers; i++) {
      int caller = i;
      load.callers.start(() -> load.run(caller, turns, pause.toNanos(), turn));
    }
    return load;
  }

  private void run(int caller, int turns, long pauseNanos, Turn turn) {
    for (int i = 0; i < turns && !stopped; i++) {
      try {
        turn.take(caller, i);
      } catch (Done e) {
        return;
      } catch (Throwable t) { // also errors: they are looked at in the end
        errors.add(t);
        return;
      }
      if (pauseNanos > 0) {
        LockSupport.parkNanos(pauseNanos); // the pace of a caller, on which nothing waits
      }
    }
  }

  Callers callers() {
    return callers;
  }

  /** Waits until all have taken their turns. */
  void finish(Duration limit) throws InterruptedException {
    boolean ended = callers.join(limit);
    assertThat(errors).isEmpty();
    assertThat(ended).as("all callers ended within %s", limit).isTrue();
  }

  /** Lets the calls under way end, and no more begin. */
  void stop() throws InterruptedException {
    stopped = true;
    finish(JOIN_LIMIT);
  }

  @Override
  public void close() {
    stopped = true;
    callers.all().forEach(Thread::interrupt);
  }
}

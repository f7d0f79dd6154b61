package io.github.tcppool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimerTest {

  private final LinkedBlockingQueue<Long> runs = new LinkedBlockingQueue<>();
  private final AtomicReference<LongUnaryOperator> task =
      new AtomicReference<>(now -> Long.MAX_VALUE);
  private final AtomicReference<Thread> thread = new AtomicReference<>();
  private final Timer timer = new Timer("test-timer", this::run, System::nanoTime);

  private long run(long now) {
    thread.set(Thread.currentThread());
    runs.add(now);
    return task.get().applyAsLong(now);
  }

  @AfterEach
  void stop() {
    timer.stop();
  }

  private void assertRuns() throws InterruptedException {
    assertThat(runs.poll(5, TimeUnit.SECONDS)).as("time of a run").isNotNull();
  }

  private void awaitParked() {
    await().until(() -> thread.get().getState().name().endsWith("WAITING"));
  }

  @Test
  void theTaskRunsWhenItSaidItWould() throws InterruptedException {
    task.set(now -> now + 2_000_000);
    timer.ring();
    long first = runs.poll(5, TimeUnit.SECONDS);
    long second = runs.poll(5, TimeUnit.SECONDS);

    assertThat(second - first).isGreaterThanOrEqualTo(2_000_000);
  }

  @Test
  void aRingBringsTheNextRunForward() throws InterruptedException {
    timer.ring();
    assertRuns();
    awaitParked();
    timer.ring();

    assertRuns();
  }

  @Test
  void aRingDuringARunIsNotLost() throws InterruptedException {
    task.set(
        now -> {
          task.set(later -> Long.MAX_VALUE);
          timer.ring();
          return Long.MAX_VALUE;
        });
    timer.ring();

    assertRuns();
    assertRuns();
  }

  @Test
  void anErrorOrAnInterruptDoesNotEndTheThread() throws InterruptedException {
    task.set(
        now -> {
          throw new StackOverflowError("in the task");
        });
    timer.ring();
    assertRuns();
    Thread first = thread.get();
    task.set(now -> Long.MAX_VALUE);
    awaitParked();
    first.interrupt();
    assertRuns();
    timer.ring();
    assertRuns();

    assertThat(thread).hasValue(first);
  }

  @Test
  void stopEndsTheThreadAndALaterRingStartsNoOther() throws InterruptedException {
    timer.ring();
    assertRuns();
    Thread first = thread.get();
    assertThat(first.isDaemon()).isTrue();
    timer.stop();
    first.join(5_000);
    assertThat(first.isAlive()).isFalse();

    timer.ring();
    assertThat(runs.poll(50, TimeUnit.MILLISECONDS)).isNull();
  }
}

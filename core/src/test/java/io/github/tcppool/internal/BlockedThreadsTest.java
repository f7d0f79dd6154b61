package io.github.tcppool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose interrupt it was. Operations here do to their own thread what others would do to it. */
class BlockedThreadsTest {

  private final BlockedThreads threads = new BlockedThreads();

  @AfterEach
  void clearTheFlag() {
    boolean unused = Thread.interrupted();
  }

  private void runAndBeInterrupted(Runnable... steps) throws IOException {
    Object unused =
        threads.run(
            () -> {
              for (Runnable step : steps) {
                step.run();
              }
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
              throw new InterruptedIOException("interrupted");
            });
  }

  private static void usersInterrupt() {
    Thread.currentThread().interrupt();
  }

  private void close() {
    assertThat(threads.close()).isTrue();
  }

  @Test
  void theInterruptThatTurnsOutIsGoneAfterwards() {
    assertThatThrownBy(() -> runAndBeInterrupted(this::close))
        .isInstanceOf(SocketException.class)
        .hasMessage("Socket closed");
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void soIsTheOneThatNudgesHoweverOften() {
    assertThatThrownBy(() -> runAndBeInterrupted(threads::nudge, threads::nudge))
        .isInstanceOf(BlockedThreads.Nudged.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aUsersInterruptThatCameBeforeStays() {
    assertThatThrownBy(
            () ->
                runAndBeInterrupted(
                    BlockedThreadsTest::usersInterrupt, threads::nudge, threads::nudge))
        .isInstanceOf(BlockedThreads.Nudged.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(() -> runAndBeInterrupted(BlockedThreadsTest::usersInterrupt, this::close))
        .isInstanceOf(SocketException.class)
        .hasMessage("Socket closed");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whoIsLeftAloneKeepsTheFlag() {
    assertThatThrownBy(() -> runAndBeInterrupted(BlockedThreadsTest::usersInterrupt))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}

package io.github.tcppool.cli.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.cli.terminal.StopRequest;
import io.github.tcppool.framing.Framing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class InputRunTest {
  private static final Framing LINES = Framing.delimiter((byte) '\n').allowEmpty();

  private final StopRequest stop = new StopRequest();
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  @Test
  void worksOffEveryMessageInOrder() throws Exception {
    InputRun run = run("one\n\nthree\r\nlast without end", LINES, 1);

    run.run(this::note, () -> {});

    assertThat(done).containsExactly("one", "", "three\r", "last without end");
    assertThat(run.messages()).isEqualTo(4);
    assertThat(run.left()).isEmpty();
    assertThat(run.remainder()).isEmpty();
  }

  @Test
  void sharesTheWorkAmongThreads() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    InputRun run = run("a\nb\n", LINES, 2);

    run.run(
        message -> {
          both.countDown();
          return awaited(both) && note(message);
        },
        () -> {});

    assertThat(done).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void keepsAMessageThatIsCutOffByTheEndOfInput() throws Exception {
    InputRun run = run("\0\3abc\0\5de", Framing.lengthPrefix(2), 1);

    run.run(this::note, () -> {});

    assertThat(done).containsExactly("abc");
    assertThat(run.remainder()).asString(UTF_8).isEqualTo("\0\5de");
  }

  @Test
  void givesBackWhatNobodyWorkedOnWhenTheWorkIsGivenUp() throws Exception {
    InputRun run = run("a\nb\nc\nd", LINES, 1);

    run.run(
        message -> {
          note(message);
          return done.size() < 2;
        },
        () -> {});

    assertThat(done).containsExactly("a", "b");
    List<String> rest =
        new ArrayList<>(run.left().stream().map(m -> new String(m, UTF_8)).toList());
    rest.add(new String(run.remainder(), UTF_8));
    assertThat(String.join("", rest)).isEqualTo("cd");
  }

  @Test
  void aMessageWhoseWorkFailsUnexpectedlyIsLeftAndNotLost() throws Exception {
    InputRun run = run("a\nb\nc\n", LINES, 1);

    run.run(
        message -> {
          note(message);
          if (done.size() == 2) {
            throw new IllegalStateException("a bug");
          }
          return true;
        },
        () -> {});

    assertThat(done).containsExactly("a", "b");
    assertThat(run.left()).extracting(m -> new String(m, UTF_8)).startsWith("b");
    assertThat(run.messages()).isEqualTo(1 + run.left().size());
    assertThatThrownBy(run::throwBug).hasMessageContaining("a bug");
  }

  @Test
  void worksOffWhatWasReadAfterAStop() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    PipedInputStream typed = new PipedInputStream(1 << 12);
    PipedOutputStream keys = new PipedOutputStream(typed);
    InputRun run = new InputRun(typed, LINES, 1, Duration.ofSeconds(15), stop);
    Thread user =
        new Thread(
            () -> {
              type(keys, "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
              await().until(() -> run.messages() == 10); // and the first is in the worker's hand
              assertThat(done).isEmpty();
              stop.request(130);
              stopped.countDown();
            });
    user.start();

    run.run(message -> awaited(stopped) && note(message), () -> {});

    user.join();
    assertThat(done).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(run.left()).isEmpty();
  }

  private static void type(PipedOutputStream keys, String text) {
    try {
      keys.write(text.getBytes(UTF_8));
      keys.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void stopsReadingWhenAskedToAndWorksOffWhatWasRead() throws Exception {
    PipedOutputStream keyboard = new PipedOutputStream();
    InputRun run =
        new InputRun(new PipedInputStream(keyboard), LINES, 1, Duration.ofSeconds(5), stop);
    Thread user =
        new Thread(
            () -> {
              try {
                keyboard.write("a\nb\nhalf".getBytes(UTF_8));
                keyboard.flush();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
              await().until(() -> done.size() == 2);
              stop.request(130);
            });
    user.start();

    run.run(this::note, () -> {});

    user.join();
    assertThat(done).containsExactly("a", "b");
    assertThat(run.remainder()).asString(UTF_8).isEqualTo("half");
  }

  @Test
  void interruptsWorkThatOutlastsTheDrainTime() throws Exception {
    InputRun run =
        new InputRun(
            new ByteArrayInputStream("a\nb\n".getBytes(UTF_8)),
            LINES,
            1,
            Duration.ofMillis(1),
            stop);
    run.run(
        message -> {
          stop.request(130);
          assertThat(awaited(new CountDownLatch(1))).isFalse();
          return true;
        },
        () -> {});

    assertThat(run.left()).extracting(m -> new String(m, UTF_8)).containsExactly("b");
  }

  @Test
  void readsAheadOnlySoFar() throws Exception {
    AtomicLong read = new AtomicLong();
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] to, int offset, int length) {
            read.addAndGet(length);
            to[offset + length - 1] = '\n';
            return length;
          }
        };
    InputRun run = new InputRun(endless, LINES, 1, Duration.ofSeconds(5), stop);
    run.run(
        message -> {
          await().until(() -> read.get() > 8 << 20);
          return false;
        },
        () -> {});

    assertThat(read.get()).isLessThan(9 << 20);
  }

  @Test
  void tellsWhyInputCouldNotBeRead() throws Exception {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the tape tore");
          }

          @Override
          public int read(byte[] to, int offset, int length) throws IOException {
            throw new IOException("the tape tore");
          }
        };
    InputRun run = new InputRun(broken, LINES, 1, Duration.ofSeconds(5), stop);

    run.run(this::note, () -> {});

    assertThat(run.failure()).hasMessage("the tape tore");
  }

  @Test
  void refusesAMessageOverTheMaximum() throws Exception {
    InputRun run = run("x".repeat((1 << 20) + 1) + "\n", LINES, 1);

    run.run(this::note, () -> {});

    assertThat(run.failure()).hasMessageContaining("1048576");
    assertThat(run.remainder()).isNotEmpty();
  }

  private InputRun run(String input, Framing format, int threads) {
    InputStream in = new ByteArrayInputStream(input.getBytes(UTF_8));
    return new InputRun(in, format, threads, Duration.ofSeconds(5), stop);
  }

  private boolean note(byte[] message) {
    return done.add(new String(message, UTF_8));
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

package io.github.tcppool.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.management.HotSpotDiagnosticMXBean;
import io.github.tcppool.TcpPool;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.tls.TestAuthority.Issued;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A password that is easy to find is found nowhere. */
@Timeout(120)
class SecretsTest {

  /** What the password is made of: the password itself must not be a constant of this class. */
  private static final String BACKWARDS = "7391-yranac-a-fo-eman-eht";

  @TempDir Path dir;

  private static char[] canary() {
    char[] made = new char[BACKWARDS.length()];
    for (int i = 0; i < made.length; i++) {
      made[i] = BACKWARDS.charAt(made.length - 1 - i);
    }
    return made;
  }

  private TlsOptions options(Path key) throws IOException {
    return TlsOptions.defaults()
        .trust(TestAuthority.TRUSTED.in(dir, "authority.pem"))
        .identity(dir.resolve("own.pem"), key, SecretsTest::canary);
  }

  /** Uses the password, well and in vain, and returns all that was told meanwhile. */
  private Queue<String> everythingTold() throws Exception {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    root.setLevel(Level.TRACE);
    root.addAppender(log);
    Issued own = TestAuthority.TRUSTED.issue("client.example");
    Path unused = own.chainIn(dir, "own.pem");
    char[] password = canary();
    Path key = own.keyIn(dir, "own.key", password);
    Path other = own.keyIn(dir, "other.key", "another one".toCharArray());
    java.util.Arrays.fill(password, '\0');
    try (RawServer server =
        RawServer.echo(TestAuthority.TRUSTED.issue("127.0.0.1").context(), true)) {
      TlsOptions options = options(key);
      TcpPool pool =
          TcpPool.builder(server.hostPort())
              .framing(Framing.lines())
              .listener(event -> told.add(event.toString()))
              .tls(options)
              .build();
      assertThat(pool.exchange("x".getBytes(UTF_8))).isEqualTo("x".getBytes(UTF_8));
      told.add(pool + " " + pool.snapshot() + " " + options);
      pool.close();
      Throwable refused =
          catchThrowable(() -> TcpPool.builder(server.hostPort()).tls(options(other)).build());
      StringWriter trace = new StringWriter();
      refused.printStackTrace(new PrintWriter(trace));
      told.add(trace.toString());
    } finally {
      root.detachAppender(log);
      root.setLevel(before);
    }
    log.list.forEach(event -> told.add(event.getFormattedMessage()));
    return told;
  }

  @Test
  void aPasswordAppearsInNothingThatIsTold() throws Exception {
    String canary = new String(canary());
    assertThat(everythingTold()).isNotEmpty().noneMatch(text -> text.contains(canary));
  }

  @Tag("slow")
  @Test
  void aPasswordIsNotInTheHeapAfterClose() throws Exception {
    assertThat(everythingTold()).isNotEmpty();
    Path dump = dir.resolve("heap.hprof");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(dump.toString(), true);
    String heap = Files.readString(dump, ISO_8859_1);
    char[] canary = canary();
    byte[] bytes = UTF_8.encode(java.nio.CharBuffer.wrap(canary)).array();
    assertThat(heap.contains(BACKWARDS)).as("the search finds what is there").isTrue();
    assertThat(heap.contains(new String(bytes, ISO_8859_1))).as("as bytes").isFalse();
    String wide = new String(new String(canary).getBytes(UTF_16LE), ISO_8859_1);
    assertThat(heap.contains(wide)).as("as characters").isFalse();
  }
}

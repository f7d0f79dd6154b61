package io.github.tcppool;

import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong use is refused at once, with a message that names the rule and the value. */
class BadInputTest {

  @RegisterExtension final Bench bench = new Bench();

  // ---- endpoints ----

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "host",
        "host:",
        ":80",
        "host:eighty",
        "host:-1",
        "host:+1",
        "host: 80",
        "host:100000",
        "::1:80",
        "[::1]",
        "[::1:80",
        "[host]:80",
        "http://host"
      })
  void aMalformedEndpointIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TcpPool.builder(text))
        .withMessage("endpoint must be host:port or [ipv6]:port, but was \"" + text + "\"");
  }

  @ParameterizedTest
  @CsvSource({"host:0,0", "host:65536,65536", "host:99999,99999", "[::1]:0,0"})
  void aPortOutOfRangeIsRefused(String text, int port) {
    assertRefused(() -> TcpPool.builder(text), "port must be 1 to 65535, but was " + port);
  }

  @Test
  void aHostThatIsNoNameIsRefused() {
    assertRefused(() -> TcpPool.builder("a b:80"), "host must be a name or address", "0x20 at 1");
    assertRefused(() -> TcpPool.builder("http://h:80"), "endpoint must be host:port");
    assertRefused(() -> TcpPool.builder("h\u0085:80"), "host must be a name", "0x85 at 1");
    assertRefused(() -> TcpPool.builder("h\u2028:80"), "host must be a name", "0x2028 at 1");
    assertRefused(() -> TcpPool.builder("h/x:80"), "host must be a name or address", "0x2f at 1");
    assertRefused(
        () -> TcpPool.builder("x".repeat(254) + ":80"), "host must have 1 to 253", "had 254");
  }

  @Test
  void aVeryLongEndpointIsCutInTheMessage() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TcpPool.builder("x".repeat(100_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }

  @Test
  void noEndpointAndTheSameEndpointTwiceAreRefused() {
    assertRefused(() -> TcpPool.builder(), "endpoints must be at least 1, but were 0");
    assertRefused(
        () -> TcpPool.builder("h:80", "h:80"), "endpoints must differ, but \"h:80\" came twice");
    assertRefused(
        () -> TcpPool.builder("h:80", "H:80"), "endpoints must differ, but \"H:80\" came twice");
  }

  @Test
  void weightAndPriorityOfAnEndpointHaveBounds() {
    Endpoint endpoint = Endpoint.of("h", 1);
    assertRefused(() -> endpoint.withWeight(0), "weight must be at least 1, but was 0");
    assertRefused(() -> endpoint.withPriority(-1), "priority must be at least 0, but was -1");
  }

  // ---- null ----

  @Test
  void nullIsRefusedByName() {
    TcpPool pool = bench.pool(linesTo("127.0.0.1:" + Ports.unused()));
    assertNullRefused(() -> TcpPool.builder((String) null), "endpoint must not be null");
    assertNullRefused(() -> TcpPool.builder((String[]) null), "endpoints must not be null");
    assertNullRefused(() -> TcpPool.builder((List<Endpoint>) null), "endpoints must not be null");
    assertNullRefused(() -> pool.send(null), "message must not be null");
    assertNullRefused(() -> pool.send(null, Bench.within(1)), "message must not be null");
    assertNullRefused(() -> pool.send(utf8("x"), null), "call options must not be null");
    assertNullRefused(() -> pool.exchange((byte[]) null), "request must not be null");
    assertNullRefused(() -> pool.exchange(utf8("x"), null), "call options must not be null");
    assertNullRefused(
        () -> pool.exchange((Conversation<String>) null), "conversation must not be null");
    assertNullRefused(() -> pool.lease(null), "call options must not be null");
    assertNullRefused(() -> pool.tryLease(null), "call options must not be null");
    assertNullRefused(() -> pool.receive(null), "call options must not be null");
    assertNullRefused(() -> pool.update(null), "change must not be null");
    assertNullRefused(() -> pool.evict(null), "predicate must not be null");
    assertNullRefused(() -> pool.close(null), "close timeout must not be null");
    assertNullRefused(() -> CallOptions.within(null), "deadline must not be null");
    assertNullRefused(() -> CallOptions.defaults().key(null), "key must not be null");
  }

  @Test
  void nullIsRefusedByNameInTheBuilder() {
    TcpPool.Builder builder = TcpPool.builder("h:1");
    assertNullRefused(() -> builder.name(null), "name must not be null");
    assertNullRefused(() -> builder.framing(null), "framing must not be null");
    assertNullRefused(() -> builder.balancer(null), "balancer must not be null");
    assertNullRefused(() -> builder.listener(null), "listener must not be null");
    assertNullRefused(() -> builder.onConnect(null), "connect hook must not be null");
    assertNullRefused(() -> builder.retry(null), "retry must not be null");
    assertNullRefused(() -> builder.sendOrder(null), "sendOrder must not be null");
    assertNullRefused(() -> builder.leaseOrder(null), "leaseOrder must not be null");
    assertNullRefused(() -> builder.socketOption(null, 1), "socket option must not be null");
    assertNullRefused(() -> builder.maxIdle(null), "maxIdle must not be null");
    assertNullRefused(() -> builder.callTimeout(null), "callTimeout must not be null");
  }

  // ---- names and addresses ----

  @Test
  void aNameThatCouldForgeALogLineIsRefused() {
    TcpPool.Builder builder = TcpPool.builder("h:1");
    assertRefused(() -> builder.name("a\nb"), "name must have no control character", "0x0a at 1");
  }

  @Test
  void aLocalAddressThatNothingCanBeBoundToIsRefused() {
    TcpPool.Builder builder = TcpPool.builder("h:1");
    assertRefused(
        () -> builder.localAddress(InetSocketAddress.createUnresolved("nowhere", 0)),
        "localAddress must be a resolved internet address, but was nowhere");
    assertRefused(
        () -> builder.localAddress(UnixDomainSocketAddress.of("/a")),
        "localAddress must be a resolved internet address, but was /a");
  }

  // ---- messages ----

  @Test
  void anEmptyMessageIsRefused() {
    TcpPool pool = bench.pool(linesTo("127.0.0.1:" + Ports.unused()));
    assertRefused(() -> pool.send(new byte[0]), "message must have at least 1 byte, but had 0");
    assertRefused(() -> pool.exchange(new byte[0]), "message must have at least 1 byte, but had 0");
  }

  @Test
  void aRangeOutsideOfTheArrayIsRefused() {
    TcpPool pool = bench.pool(linesTo("127.0.0.1:" + Ports.unused()));
    CallOptions call = CallOptions.defaults();
    assertThatThrownBy(() -> pool.send(new byte[10], 8, 3, call))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> pool.send(new byte[10], -1, 3, call))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> pool.send(new byte[10], 1, -1, call))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aMessageOverTheMaximumIsRefusedBeforeAnythingIsWritten() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool =
        bench.pool(
            TcpPool.builder(peer.hostPort()).framing(Framing.lines().withMaxMessageBytes(10)));
    pool.send(new byte[] {'x'});
    assertRefused(() -> pool.send(utf8("x".repeat(11))), "10", "11");
    assertRefused(() -> pool.exchange(utf8("x".repeat(11))), "10", "11");
    assertRefused(() -> pool.send(utf8("two\nlines")), "line");
    pool.send(utf8("x".repeat(10)));
    peer.awaitFrames(2);
    assertThat(peer.texts()).containsExactly("x\n", "x".repeat(10) + "\n");
  }

  @Test
  void anExchangeOfSingleMessagesNeedsAFraming() {
    TcpPool pool = bench.pool(TcpPool.builder("127.0.0.1:" + Ports.unused()));
    assertThatThrownBy(() -> pool.exchange(utf8("x")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must have a framing");
  }

  // ---- after the end ----

  @Test
  void everyUseOfASocketAfterItsReturnIsRefusedWithTheReason() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    PooledSocket socket = pool.lease();
    var in = socket.getInputStream();
    var out = socket.getOutputStream();
    socket.close();
    for (ThrowingCallable use :
        new ThrowingCallable[] {
          () -> out.write(1),
          () -> in.read(),
          () -> in.available(),
          socket::getInputStream,
          socket::getOutputStream,
          () -> socket.setSoTimeout(1),
          () -> socket.setTcpNoDelay(true),
          () -> socket.setDeadline(Duration.ZERO),
          socket::shutdownOutput,
          socket::shutdownInput,
          () -> socket.sendUrgentData(1),
          () -> socket.connect(peer.address())
        }) {
      assertThatThrownBy(use)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("given back to the pool");
    }
    pool.send(utf8("still whole"));
    peer.awaitFrames(1);
  }

  @Test
  void aDoubleReturnDoesNotGiveAwayTheNextOwnersConnection() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(0, 1));
    PooledSocket first = pool.lease();
    first.close();
    try (PooledSocket second = pool.lease()) {
      first.close();
      first.discard();
      assertThat(pool.tryLease()).isEmpty();
      second.getOutputStream().write(utf8("mine\n"));
      peer.awaitFrames(1);
      assertThat(second.getInputStream().readNBytes(5)).isEqualTo(utf8("mine\n"));
    }
    assertThat(peer.accepted()).isEqualTo(1);
  }

  @Test
  void aClosedPoolRefusesEveryVerb() throws Exception {
    TcpPool pool = bench.pool(linesTo("127.0.0.1:" + Ports.unused()));
    pool.close();
    for (ThrowingCallable verb :
        new ThrowingCallable[] {
          pool::lease,
          pool::tryLease,
          pool::receive,
          pool::asSocket,
          () -> pool.send(utf8("x")),
          () -> pool.exchange(utf8("x")),
          () -> pool.exchange((in, out) -> 1)
        }) {
      assertThatThrownBy(verb)
          .isInstanceOf(PoolClosedException.class)
          .hasMessageEndingWith("closed");
    }
    pool.evict();
    pool.close();
    assertThat(pool.snapshot().closed()).isTrue();
  }

  @Test
  void aNegativeCloseTimeoutIsRefusedAndThePoolStaysOpen() throws IOException {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(linesTo(peer.hostPort()));
    assertRefused(
        () -> pool.close(Duration.ofMillis(-1)),
        "close timeout must not be negative, but was PT-0.001S");
    pool.send(utf8("still open"));
  }

  private static void assertRefused(ThrowingCallable use, String... parts) {
    assertThatThrownBy(use)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }

  private static void assertNullRefused(ThrowingCallable use, String message) {
    assertThatNullPointerException().isThrownBy(use).withMessage(message);
  }
}

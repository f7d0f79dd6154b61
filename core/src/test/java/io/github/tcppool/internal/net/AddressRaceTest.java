package io.github.tcppool.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.testkit.Blackhole;
import io.github.tcppool.testkit.Ports;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which of several addresses a dial ends at, and what the others cost. */
@Timeout(60)
class AddressRaceTest {

  private final List<ChannelSocket> opened = new ArrayList<>();
  private final ServerSocket server;
  private final Blackhole hole = Blackhole.open();

  AddressRaceTest() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void end() throws IOException {
    opened.forEach(ChannelSocket::close);
    server.close();
    hole.close();
  }

  private InetSocketAddress alive() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
  }

  private static InetSocketAddress refusing() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.unused());
  }

  private ChannelSocket open() throws IOException {
    ChannelSocket socket = new ChannelSocket();
    opened.add(socket);
    return socket;
  }

  private AddressRace race(long millis, InetSocketAddress... addresses) throws IOException {
    return new AddressRace(
        List.of(addresses), this::open, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private long openSockets() {
    return opened.stream().filter(socket -> !socket.isClosed()).count();
  }

  @Test
  void oneAddressIsConnectedTo() throws IOException {
    AddressRace.Entrant won = race(20_000, alive()).run();

    assertThat(won.address()).isEqualTo(alive());
    assertThat(won.socket().isConnected()).isTrue();
    won.socket().getOutputStream().write(7);
    try (Socket accepted = server.accept()) {
      assertThat(accepted.getInputStream().read()).isEqualTo(7);
    }
  }

  @Test
  void anAddressThatDoesNotAnswerCostsAQuarterOfASecondAndIsClosed() throws IOException {
    long start = System.nanoTime();
    AddressRace.Entrant won = race(20_000, hole.address(), alive()).run();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

    assertThat(won.address()).isEqualTo(alive());
    assertThat(millis).isBetween(250L, 2_000L);
    assertThat(openSockets()).as("losers are closed").isEqualTo(1);
  }

  @Test
  void anAddressThatRefusesCostsNothing() throws IOException {
    AddressRace race =
        race(2_000_000, refusing(), refusing(), refusing(), refusing(), refusing(), alive());
    long start = System.nanoTime();

    assertThat(race.run().address()).isEqualTo(alive());

    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(1_000);
    assertThat(openSockets()).isEqualTo(1);
  }

  @Test
  void whereTimeIsShortEveryAddressHasItsShare() throws IOException {
    AddressRace race =
        race(
            800,
            hole.address(),
            hole.address(),
            hole.address(),
            hole.address(),
            hole.address(),
            hole.address(),
            hole.address(),
            alive());

    assertThat(race.run().address()).isEqualTo(alive());
  }

  @Test
  void ifAllFailTheLastFailureTellsAndHasTheOthers() throws IOException {
    AddressRace race = race(20_000, refusing(), refusing());

    assertThatThrownBy(race::run)
        .isInstanceOf(ConnectException.class)
        .hasMessage("127.0.0.1: Connection refused")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(openSockets()).isZero();
  }

  @Test
  void aNameIsToldWithTheAddressThatWasTried() throws IOException {
    InetAddress named = InetAddress.getByAddress("db.test", new byte[] {127, 0, 0, 1});

    assertThatThrownBy(race(20_000, new InetSocketAddress(named, Ports.unused()))::run)
        .hasMessage("127.0.0.1: Connection refused");
  }

  @Test
  void whenTheTimeIsUpAllAreClosed() throws IOException {
    AddressRace race = race(50, hole.address(), hole.address());

    assertThatThrownBy(race::run)
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessage("Connect timed out");
    assertThat(openSockets()).isZero();
    assertThatThrownBy(race(-1, alive())::run).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void aRaceThatIsCancelledEndsAtOnce() throws Exception {
    AddressRace race = race(600_000, hole.address());
    CompletableFuture<AddressRace.Entrant> running =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return race.run();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    Awaitility.await().until(() -> openSockets() == 1);

    race.cancel();

    assertThatThrownBy(() -> running.get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(SocketException.class);
    assertThat(openSockets()).isZero();
  }

  @Test
  void anInterruptEndsItAndStays() throws IOException {
    AddressRace race = race(600_000, hole.address());
    Thread.currentThread().interrupt();

    assertThatThrownBy(race::run).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(openSockets()).isZero();
  }

  @Test
  void aWantOfThisMachineEndsIt() throws IOException {
    AddressRace race =
        new AddressRace(
            List.of(hole.address(), alive()),
            () -> {
              if (!opened.isEmpty()) {
                throw new BindException("no port");
              }
              return open();
            },
            System.nanoTime() + TimeUnit.SECONDS.toNanos(20));

    assertThatThrownBy(race::run).isInstanceOf(BindException.class).hasMessage("no port");
    assertThat(openSockets()).isZero();
  }

  @Test
  void familiesTakeTurnsBeginningWithTheFirst() {
    List<InetSocketAddress> six = addresses("::1", "::2", "::3");
    List<InetSocketAddress> four = addresses("10.0.0.1");

    assertThat(AddressRace.interleaved(concat(six, four)))
        .containsExactly(six.get(0), four.get(0), six.get(1), six.get(2));
    assertThat(AddressRace.interleaved(concat(four, six)))
        .containsExactly(four.get(0), six.get(0), six.get(1), six.get(2));
    assertThat(AddressRace.interleaved(six)).isEqualTo(six);
    assertThat(AddressRace.interleaved(List.of())).isEmpty();
  }

  private static List<InetSocketAddress> addresses(String... literals) {
    return Stream.of(literals).map(literal -> new InetSocketAddress(literal, 1)).toList();
  }

  private static List<InetSocketAddress> concat(
      List<InetSocketAddress> first, List<InetSocketAddress> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}

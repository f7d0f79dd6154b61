package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a closed socket still does, and what it refuses. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#bare")
class ClosedTest extends Conformance.Connected {

  private Map<String, ThrowingCallable> everything() {
    Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
    calls.put("bind", () -> socket.bind(null));
    calls.put("connect", () -> socket.connect(server.address()));
    calls.put("connect with a timeout", () -> socket.connect(server.address(), 100));
    calls.put("getInputStream", socket::getInputStream);
    calls.put("getOutputStream", socket::getOutputStream);
    calls.put("shutdownInput", socket::shutdownInput);
    calls.put("shutdownOutput", socket::shutdownOutput);
    calls.put("sendUrgentData", () -> socket.sendUrgentData(1));
    calls.put("setTcpNoDelay", () -> socket.setTcpNoDelay(true));
    calls.put("getTcpNoDelay", socket::getTcpNoDelay);
    calls.put("setSoLinger", () -> socket.setSoLinger(true, 1));
    calls.put("getSoLinger", socket::getSoLinger);
    calls.put("setOOBInline", () -> socket.setOOBInline(true));
    calls.put("getOOBInline", socket::getOOBInline);
    calls.put("setSoTimeout", () -> socket.setSoTimeout(1));
    calls.put("getSoTimeout", socket::getSoTimeout);
    calls.put("setSendBufferSize", () -> socket.setSendBufferSize(9_000));
    calls.put("getSendBufferSize", socket::getSendBufferSize);
    calls.put("setReceiveBufferSize", () -> socket.setReceiveBufferSize(9_000));
    calls.put("getReceiveBufferSize", socket::getReceiveBufferSize);
    calls.put("setKeepAlive", () -> socket.setKeepAlive(true));
    calls.put("getKeepAlive", socket::getKeepAlive);
    calls.put("setTrafficClass", () -> socket.setTrafficClass(8));
    calls.put("getTrafficClass", socket::getTrafficClass);
    calls.put("setReuseAddress", () -> socket.setReuseAddress(true));
    calls.put("getReuseAddress", socket::getReuseAddress);
    calls.put("setOption", () -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true));
    calls.put("getOption", () -> socket.getOption(StandardSocketOptions.TCP_NODELAY));
    calls.put("read one", in::read);
    calls.put("read some", () -> in.read(new byte[10]));
    calls.put("read many", () -> in.read(new byte[100_000]));
    calls.put("readAllBytes", in::readAllBytes);
    calls.put("write one", () -> out.write(1));
    calls.put("write some", () -> out.write(new byte[10]));
    return calls;
  }

  @Test
  void everyUseIsRefused() throws IOException {
    Map<String, ThrowingCallable> calls = everything();
    socket.close();
    calls.forEach(
        (name, call) ->
            assertThatThrownBy(call)
                .as(name)
                .isInstanceOf(SocketException.class)
                .message()
                .containsIgnoringCase("closed"));
    assertThatThrownBy(in::available).isInstanceOf(IOException.class);
  }

  @Test
  void whatAsksForNothingIsNotRefused() throws IOException {
    socket.close();
    assertThat(in.read(new byte[0])).isZero();
    assertThat(in.skip(0)).isZero();
    out.write(new byte[0]);
    out.flush();
    assertThat(socket.supportedOptions()).isNotEmpty();
    socket.setPerformancePreferences(1, 2, 3);
    assertThat(socket.getChannel()).isNull();
    assertThat(socket.toString()).isNotEmpty();
  }

  @Test
  void itRemembersWhereItWasAndNoLongerSaysWhereItIs() throws IOException {
    SocketAddress remote = socket.getRemoteSocketAddress();
    int local = socket.getLocalPort();
    socket.close();
    assertThat(socket.isClosed()).isTrue();
    assertThat(socket.isConnected()).isTrue();
    assertThat(socket.isBound()).isTrue();
    assertThat(socket.isInputShutdown()).isFalse();
    assertThat(socket.isOutputShutdown()).isFalse();
    assertThat(socket.getPort()).isEqualTo(server.address().getPort());
    assertThat(socket.getInetAddress()).isEqualTo(server.address().getAddress());
    assertThat(socket.getRemoteSocketAddress()).isEqualTo(remote);
    assertThat(socket.getLocalPort()).isEqualTo(local);
    assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
    assertThat(socket.getLocalSocketAddress()).isEqualTo(new InetSocketAddress(local));
  }

  @Test
  void closingAgainDoesNothing() throws IOException {
    socket.close();
    socket.close();
    in.close();
    out.close();
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  void argumentsAreLookedAtFirst() throws IOException {
    socket.close();
    assertThatThrownBy(() -> socket.connect(null)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.connect(server.address(), -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> socket.getOption(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> in.read(new byte[1], 1, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> out.write(new byte[1], 1, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}

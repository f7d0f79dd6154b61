package io.github.tcppool.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands on the wire, and what a server could do with it. */
class DnsMessageTest {

  private static final byte[] QUERY = DnsMessage.query(0x1234, "_a._tcp.b.", DnsMessage.SRV);

  /** The answer to the query with these records, each in hexadecimal. */
  private static ByteBuffer answer(int flags, String... records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(QUERY);
    for (String record : records) {
      out.writeBytes(HexFormat.of().parseHex(record.replace(" ", "")));
    }
    ByteBuffer message = ByteBuffer.wrap(out.toByteArray());
    message.putShort(2, (short) flags).putShort(6, (short) records.length);
    return message;
  }

  private static DnsMessage.Answer parse(ByteBuffer message) throws IOException {
    return DnsMessage.parse(message, QUERY.length);
  }

  @Test
  void aQueryIsOneQuestion() {
    assertThat(HexFormat.of().formatHex(QUERY))
        .isEqualTo(
            "1234" + "0100" + "0001000000000000" + "025f61045f7463700162" + "00" + "00210001");
  }

  @Test
  void anAnswerIsReadWithItsPointers() throws IOException {
    DnsMessage.Answer answer =
        parse(
            answer(
                0x8180,
                "c00c 0021 0001 0000003c 000a 0001 0002 1f90 0163 c014",
                "0163c014 0001 0001 80000000 0004 7f000001"));

    assertThat(answer.code()).isZero();
    assertThat(answer.resources())
        .extracting(
            DnsMessage.Resource::name,
            DnsMessage.Resource::ttlSeconds,
            DnsMessage.Resource::priority,
            DnsMessage.Resource::weight,
            DnsMessage.Resource::port,
            DnsMessage.Resource::target)
        .first()
        .hasToString("(\"_a._tcp.b\", 60L, 1, 2, 8080, \"c.b\")");
    assertThat(answer.resources().get(1).address()).hasToString("/127.0.0.1");
    assertThat(answer.resources().get(1).ttlSeconds()).as("highest bit set").isZero();
  }

  @Test
  void recordsOfOtherKindsArePassedOver() throws IOException {
    assertThat(parse(answer(0x8180, "00 0029 1000 00000000 0000")).resources()).hasSize(1);
    assertThat(parse(answer(0x8180, "00 0001 0003 00000000 0000")).resources().get(0).type())
        .as("an address of another class is none")
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c00c 0001 0001 00000001 0005 7f00000101", // an address of five bytes
        "c00c 0001 0001 00000001 00ff 7f000001", // longer than the message
        "c020 0001 0001 00000001 0004 7f000001", // a pointer to itself
        "c0ff 0001 0001 00000001 0004 7f000001", // a pointer forwards
        "c00c 0021 0001 00000001 0006 000000000001", // no target
        "011b00 0001 0001 00000001 0004 7f000001", // an escape in a name
        "012e00 0001 0001 00000001 0004 7f000001", // a dot in a label
        "40", // a kind of label that there is not
        "c0", // half a pointer
        ""
      })
  void aMalformedAnswerIsAnIoException(String record) {
    ByteBuffer message = answer(0x8180, record);
    assertThatThrownBy(() -> parse(message))
        .isInstanceOf(IOException.class)
        .hasMessage("malformed answer from the DNS server");
  }

  @Test
  void anyBytesAreReadOrRefusedInFiniteTime() throws IOException {
    Random random = new Random(20_261_127);
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[QUERY.length + random.nextInt(80)];
      for (int at = 0; at < bytes.length; at++) {
        int kind = random.nextInt(4);
        bytes[at] =
            (byte) (kind == 0 ? 0xc0 : kind == 1 ? random.nextInt(40) : random.nextInt(256));
      }
      bytes[6] = 0;
      bytes[7] = (byte) random.nextInt(3);
      try {
        parse(ByteBuffer.wrap(bytes));
        read++;
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith("malformed");
      }
    }
    assertThat(read).isPositive();
  }

  @Test
  void onlyAnAnswerToTheQueryIsOne() {
    assertThat(DnsMessage.answers(answer(0x8180), QUERY)).isTrue();
    assertThat(DnsMessage.answers(answer(0x0100), QUERY)).as("a query").isFalse();
    assertThat(DnsMessage.answers(answer(0xa980), QUERY)).as("another operation").isFalse();
    assertThat(DnsMessage.answers(answer(0x8180).putShort(0, (short) 7), QUERY))
        .as("another number")
        .isFalse();
    assertThat(DnsMessage.answers(answer(0x8180).put(13, (byte) 'B'), QUERY))
        .as("another name")
        .isFalse();
    assertThat(DnsMessage.answers(answer(0x8180).put(14, (byte) 'A'), QUERY))
        .as("the same name in capitals")
        .isTrue();
    assertThat(DnsMessage.answers(ByteBuffer.wrap(Arrays.copyOf(QUERY, 11)), QUERY)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a..b", ".a", "a b", "a\u00e4", "a\u0007"})
  void aNameThatCannotBeAskedForIsRefused(String name) {
    assertThatThrownBy(() -> DnsMessage.requireName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("DNS name must have");
  }

  @Test
  void aLabelHasAtMost63BytesAndANameAtMost253() {
    DnsMessage.requireName("a".repeat(63) + ".b");
    assertThatThrownBy(() -> DnsMessage.requireName("a".repeat(64) + ".b"))
        .isInstanceOf(IllegalArgumentException.class);
    DnsMessage.requireName("a.".repeat(126) + "a");
    assertThatThrownBy(() -> DnsMessage.requireName("a.".repeat(127) + "a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theServersOfTheSystemAreTheFirstThreeOfItsFile() throws IOException {
    assertThat(
            ResolvConf.parse(
                """
                # nameserver 9.9.9.9
                search a.b
                nameserver 10.0.0.1 \s
                \tnameserver ::1
                nameserver
                nameserver 10.0.0.3
                nameserver 10.0.0.4
                """))
        .extracting(server -> server.getAddress().getHostAddress() + " " + server.getPort())
        .containsExactly("10.0.0.1 53", "0:0:0:0:0:0:0:1 53", "10.0.0.3 53");
    assertThatThrownBy(() -> ResolvConf.parse("search a.b"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("names none");
    assertThatThrownBy(() -> ResolvConf.parse("nameserver dns.example"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must be an IP address");
  }
}

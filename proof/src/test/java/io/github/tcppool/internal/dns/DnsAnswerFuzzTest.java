package io.github.tcppool.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;

/** What DNS servers answer, or whoever pretends to be one. */
@Tag("fuzz")
class DnsAnswerFuzzTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final byte[] QUERY = DnsMessage.query(7, "_db._tcp.test", DnsMessage.SRV);
  private static final int MAX_NAME_CHARS = 253;

  /** A record of 12 bytes may have two names, of which each is built from earlier bytes. */
  private static final int BYTES_PER_BYTE = 400;

  private static final int SPARE_BYTES = 64 << 10;

  /** The first two bytes are flags, the third the number of records; the rest are the records. */
  @FuzzTest(maxDuration = "20s")
  void anAnswerIsSoundOrRefusedAndCostsNoMoreThanItsLength(byte[] input) {
    if (input.length < 3) {
      return;
    }
    ByteBuffer message = message(input);
    boolean unused = DnsMessage.answers(message, QUERY);
    parse(message.duplicate()); // the first failure loads classes
    long before = THREADS.getCurrentThreadAllocatedBytes();
    DnsMessage.Answer answer = parse(message.duplicate());
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
        .isLessThan((long) BYTES_PER_BYTE * input.length + SPARE_BYTES);
    if (answer != null) {
      assertThat(answer.code()).isBetween(0, 15);
      assertThat(answer.resources()).hasSizeLessThanOrEqualTo(input[2] & 0xff);
      answer.resources().forEach(DnsAnswerFuzzTest::assertSound);
    }
  }

  private static ByteBuffer message(byte[] input) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(QUERY);
    out.write(input, 3, input.length - 3);
    return ByteBuffer.wrap(out.toByteArray())
        .put(2, input[0])
        .put(3, input[1])
        .putShort(6, (short) (input[2] & 0xff));
  }

  /** Null if it is refused. */
  private static DnsMessage.Answer parse(ByteBuffer message) {
    try {
      return DnsMessage.parse(message, QUERY.length);
    } catch (IOException e) {
      assertThat(e).hasMessage("malformed answer from the DNS server");
      return null;
    }
  }

  private static void assertSound(DnsMessage.Resource record) {
    assertName(record.name());
    assertName(record.target());
    assertThat(record.ttlSeconds()).isBetween(0L, (long) Integer.MAX_VALUE);
    assertThat(record.port()).isBetween(0, 65_535);
    assertThat(record.weight()).isBetween(0, 65_535);
    assertThat(record.priority()).isBetween(0, 65_535);
    if (record.type() == DnsMessage.A) {
      assertThat(record.address()).isInstanceOf(Inet4Address.class);
    } else if (record.type() == DnsMessage.AAAA) {
      assertThat(record.address()).isNotNull();
    } else {
      assertThat(record.type() == 0 || record.address() == null).isTrue();
    }
  }

  private static void assertName(String name) {
    assertThat(name).hasSizeLessThanOrEqualTo(MAX_NAME_CHARS);
    assertThat(name.chars()).allMatch(c -> c > ' ' && c != 127);
  }
}

package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A difference: reading one byte at a time costs no garbage. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#oursOnPlatformThreads")
class ByteByByteTest extends Conformance.Connected {

  private static final int BYTES = 8_000;

  @Test
  void readingByteByByteAllocatesNothing() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    peer.getOutputStream().write(random(BYTES));
    int unused = in.read(); // what is made once
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 2; i < BYTES; i++) {
      unused = in.read();
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    // An array a byte would be 16 bytes each; the rest is for what the measuring itself makes, and
    // for bytes that came in two pieces.
    assertThat(bytes).isLessThan(4L * BYTES);
  }
}

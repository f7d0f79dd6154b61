package io.github.tcppool.proof.checks;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of one connection apart into messages. What does not fit makes it corrupt for
 * ever: nothing behind it can be trusted. For one thread.
 */
public final class MessageStream {

  private byte[] buffer = new byte[64];
  private int start;
  private int end;
  private @Nullable String corruption;

  /** Takes the next bytes and passes on every message that they complete. */
  public void feed(byte[] bytes, int offset, int length, Consumer<Message> whole) {
    if (corruption != null) {
      return;
    }
    append(bytes, offset, length);
    while (corruption == null && end - start >= Message.HEADER_BYTES) {
      int size = size();
      if (size < Message.MIN_BYTES || size > Message.MAX_BYTES) {
        corruption = "a length of " + size;
      } else if (end - start < Message.HEADER_BYTES + size) {
        return;
      } else {
        take(size, whole);
      }
    }
  }

  private void take(int size, Consumer<Message> whole) {
    try {
      whole.accept(Message.parse(buffer, start + Message.HEADER_BYTES, size));
      start += Message.HEADER_BYTES + size;
    } catch (IOException e) {
      corruption = String.valueOf(e.getMessage());
    }
  }

  private int size() {
    int size = 0;
    for (int i = 0; i < Message.HEADER_BYTES; i++) {
      size = (size << 8) | (buffer[start + i] & 0xff);
    }
    return size;
  }

  private void append(byte[] bytes, int offset, int length) {
    if (end + length > buffer.length) {
      int kept = end - start;
      byte[] target =
          kept + length > buffer.length
              ? new byte[Math.max(buffer.length * 2, kept + length)]
              : buffer;
      System.arraycopy(buffer, start, target, 0, kept);
      buffer = target;
      start = 0;
      end = kept;
    }
    System.arraycopy(bytes, offset, buffer, end, length);
    end += length;
  }

  /** How many bytes of a message are here that has not come whole. */
  public int tornBytes() {
    return end - start;
  }

  /** What did not fit, or null. */
  public @Nullable String corruption() {
    return corruption;
  }

  @Override
  public String toString() {
    return Arrays.toString(Arrays.copyOfRange(buffer, start, Math.min(end, start + 16)));
  }
}

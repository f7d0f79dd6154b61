package io.github.tcppool.internal.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/** The two streams of a socket, on the few operations in which sockets differ. */
public final class SocketStreams {

  private SocketStreams() {}

  /** What a socket's input stream does. Arguments are checked already, and lengths at least 1. */
  public interface Source {
    /** Reads one byte, as a number from 0 to 255, or tells the end of the stream by -1. */
    int read() throws IOException;

    /** Reads at least one byte, or tells the end of the stream by -1. */
    int read(byte[] target, int offset, int length) throws IOException;

    /** How many bytes can be read without waiting. */
    int available() throws IOException;

    /** Closes the socket. */
    void close() throws IOException;
  }

  /** What a socket's output stream does. Arguments are checked already, and lengths at least 1. */
  public interface Sink {
    /** Writes all bytes. */
    void write(byte[] source, int offset, int length) throws IOException;

    /** Closes the socket. */
    void close() throws IOException;
  }

  /** The stream that reads from a source. */
  public static InputStream input(Source source) {
    return new In(source);
  }

  /** The stream that writes to a sink. */
  public static OutputStream output(Sink sink) {
    return new Out(sink);
  }

  private static final class In extends InputStream {
    private final Source source;

    In(Source source) {
      this.source = source;
    }

    @Override
    public int read() throws IOException {
      return source.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, target.length);
      return length == 0 ? 0 : source.read(target, offset, length);
    }

    @Override
    public int available() throws IOException {
      return source.available();
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }

  private static final class Out extends OutputStream {
    private final Sink sink;

    Out(Sink sink) {
      this.sink = sink;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, source.length);
      if (length > 0) {
        sink.write(source, offset, length);
      }
    }

    @Override
    public void close() throws IOException {
      sink.close();
    }
  }
}

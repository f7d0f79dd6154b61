package io.github.tcppool.proof.checks;

import io.github.tcppool.CallOptions;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/** The three ways to bring a message to a server. */
public enum Verb {

  /** One way: that it was written is all that is known. */
  SEND {
    @Override
    Ending perform(TcpPool pool, Message message, CallOptions options, long deadline)
        throws IOException {
      pool.send(message.payload(), options);
      return Ending.WRITTEN;
    }
  },

  /** The reply must be the request's own bytes. */
  EXCHANGE {
    @Override
    Ending perform(TcpPool pool, Message message, CallOptions options, long deadline)
        throws IOException {
      byte[] request = message.payload();
      return judge(request, pool.exchange(request, options));
    }
  },

  /** As an exchange, on a socket that the caller leases and reads from by itself. */
  LEASE {
    @Override
    Ending perform(TcpPool pool, Message message, CallOptions options, long deadline)
        throws IOException {
      try (PooledSocket socket = pool.lease(options)) {
        try {
          socket.setDeadline(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
          socket.getOutputStream().write(message.frame());
          DataInputStream in = new DataInputStream(socket.getInputStream());
          int length = in.readInt();
          byte[] reply = new byte[Math.max(0, Math.min(length, Message.MAX_BYTES))];
          in.readFully(reply);
          socket.setDeadline(null);
          return judge(message.payload(), reply);
        } catch (IOException e) {
          throw new UseFailed(e);
        }
      }
    }
  };

  /** A leased socket failed: its borrower cannot know how far the message got. */
  static final class UseFailed extends IOException {
    private static final long serialVersionUID = 1L;

    UseFailed(IOException cause) {
      super(cause);
    }
  }

  /** Brings the message there, or throws. */
  abstract Ending perform(TcpPool pool, Message message, CallOptions options, long deadline)
      throws IOException;

  private static Ending judge(byte[] request, byte[] reply) {
    return Arrays.equals(request, reply) ? Ending.CONFIRMED : Ending.WRONG_REPLY;
  }
}

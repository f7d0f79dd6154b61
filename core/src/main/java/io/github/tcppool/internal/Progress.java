package io.github.tcppool.internal;

import io.github.tcppool.CallFailure;
import io.github.tcppool.CallInterruptedException;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.Endpoint;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.Outcome;
import io.github.tcppool.PoolClosedException;
import io.github.tcppool.PoolExhaustedException;
import io.github.tcppool.ReplyFailedException;
import io.github.tcppool.SendFailedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How far one call has got after its first attempt failed. Made only then, so a call that works
 * allocates nothing.
 */
final class Progress {

  private final String name;
  private Outcome worst = Outcome.NOT_SENT;
  private int attempts;
  private long bytesWritten;
  private @Nullable Endpoint endpoint;

  /** The connection of the latest attempt. */
  private @Nullable Connection failed;

  private @Nullable IOException last;

  Progress(String name) {
    this.name = name;
  }

  /** Notes an attempt that failed. One that wrote nothing is free. */
  void note(Outcome outcome, long bytes, Connection where, IOException cause) {
    if (outcome != Outcome.NOT_SENT) {
      attempts++;
    }
    if (outcome.compareTo(worst) > 0) {
      worst = outcome;
    }
    bytesWritten = bytes;
    endpoint = where.endpoint();
    failed = where;
    if (last != null && last != cause) {
      cause.addSuppressed(last);
    }
    last = cause;
  }

  int attempts() {
    return attempts;
  }

  @Nullable Connection failed() {
    return failed;
  }

  private FailureDetails details() {
    return new FailureDetails(worst, bytesWritten, attempts, endpoint);
  }

  /** As {@link #failure}, when the retry budget has nothing left for the call. */
  IOException overBudget(String doing) {
    return failure(doing, "; not repeated, as the retry budget is used up", false);
  }

  /** The failure of the call, of the kind that its last cause calls for. */
  IOException failure(String doing, boolean deadlinePassed) {
    return failure(doing, "", deadlinePassed);
  }

  private IOException failure(String doing, String more, boolean deadlinePassed) {
    IOException cause = last == null ? new IOException("no attempt was made") : last;
    String message = name + ": " + doing + " " + endpoint + " failed: " + cause.getMessage() + more;
    boolean timeout = cause instanceof SocketTimeoutException;
    if (cause instanceof InterruptedIOException && !timeout) {
      return new CallInterruptedException(message, details(), cause);
    }
    if (timeout || deadlinePassed) {
      return new CallTimeoutException(message, details(), cause);
    }
    return worst == Outcome.UNKNOWN
        ? new ReplyFailedException(message, details(), cause)
        : new SendFailedException(message, details(), cause);
  }

  /** A failure to get another connection, told with what the attempts before it did. */
  IOException merge(IOException noConnection) {
    if (!(noConnection instanceof CallFailure told)) {
      return noConnection;
    }
    attempts += told.attempts();
    if (endpoint == null) {
      endpoint = told.endpoint().orElse(null);
    }
    String message = String.valueOf(noConnection.getMessage());
    if (last != null) {
      message += "; after a failed attempt: " + last.getMessage();
      noConnection.addSuppressed(last);
    }
    if (noConnection instanceof CallTimeoutException) {
      return new CallTimeoutException(message, details(), noConnection);
    }
    if (noConnection instanceof CallInterruptedException) {
      return new CallInterruptedException(message, details(), noConnection);
    }
    if (noConnection instanceof PoolClosedException) {
      return new PoolClosedException(message, details(), noConnection);
    }
    if (noConnection instanceof PoolExhaustedException) {
      return new PoolExhaustedException(message, details(), noConnection);
    }
    return noConnection instanceof ConnectFailedException
        ? new ConnectFailedException(message, details(), noConnection)
        : noConnection;
  }
}

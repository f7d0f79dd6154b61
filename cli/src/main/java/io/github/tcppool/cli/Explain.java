package io.github.tcppool.cli;

import io.github.tcppool.cli.terminal.Escape;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Says in one safe line what an exception means. */
final class Explain {
  private static final int MAX_CAUSES = 8;

  private Explain() {}

  /** The message, followed by those of its causes that tell something new. */
  static String failure(Throwable failure) {
    StringBuilder text = new StringBuilder(one(failure));
    Throwable cause = failure.getCause();
    for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
      String message = one(cause);
      if (text.indexOf(message) < 0) {
        text.append(": ").append(message);
      }
    }
    return Escape.text(text.toString());
  }

  private static String one(Throwable failure) {
    String message = failure.getMessage();
    if (failure instanceof UnknownHostException) {
      return "no address known for " + reason(message, "this host");
    }
    if (failure instanceof SocketTimeoutException) {
      return reason(message, "timed out");
    }
    if (failure instanceof NoRouteToHostException) {
      return reason(message, "no route to host");
    }
    return reason(message, failure.getClass().getSimpleName());
  }

  private static String reason(@Nullable String message, String otherwise) {
    return message == null || message.isBlank() ? otherwise : message;
  }
}

package io.github.tcppool.cli;

import org.jspecify.annotations.Nullable;

/** Thrown when something on this machine stands in the way; the message is for the user. */
final class LocalTroubleException extends Exception {
  private static final long serialVersionUID = 1L;

  LocalTroubleException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package io.github.tcppool.conformance;

/** What a run of the suite is about: a socket, whether it speaks TLS, and who uses it. */
record Kind(Origin origin, boolean tls, Threads threads) {

  boolean isReference() {
    return origin == Origin.JDK;
  }

  /** Whether it is a TCP connection by itself, and not a face of all connections of a pool. */
  boolean isOneConnection() {
    return origin != Origin.WHOLE;
  }

  /** Whether TLS of the JDK lies over the socket, instead of inside it. */
  boolean isLayered() {
    return tls && !origin.isSecure();
  }

  @Override
  public String toString() {
    return origin + (isLayered() ? ", TLS, " : ", ") + threads;
  }
}

package io.github.tcppool.conformance;

/** What a run of the suite is about: a socket, what is layered over it, and who uses it. */
record Kind(Origin origin, boolean tls, Threads threads) {

  boolean isReference() {
    return origin == Origin.JDK;
  }

  /** Whether it is a TCP connection by itself, and not a face of all connections of a pool. */
  boolean isOneConnection() {
    return origin != Origin.WHOLE;
  }

  @Override
  public String toString() {
    return origin + (tls ? ", TLS, " : ", ") + threads;
  }
}

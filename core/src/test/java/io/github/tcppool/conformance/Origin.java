package io.github.tcppool.conformance;

/** Where a socket comes from: the JDK, which is the reference, or one of the places we hand out. */
enum Origin {
  JDK("JDK"),
  /** What lies under all others. */
  CHANNEL("our own"),
  /** Also what a connect hook gets. */
  LEASE("lease"),
  FACTORY_TO_POOL("factory's, to the pool"),
  FACTORY_ELSEWHERE("factory's, elsewhere"),
  /** {@code asSocket()} over a pool of one connection, without a framing. */
  WHOLE("asSocket"),
  /** From a pool that speaks TLS itself; so is the next. */
  SECURE_LEASE("lease through TLS"),
  SECURE_FACTORY("factory's through TLS");

  private final String told;

  Origin(String told) {
    this.told = told;
  }

  /** Whether a test can have one that is not connected yet. */
  boolean startsUnconnected() {
    return this != LEASE && this != WHOLE && !isSecure();
  }

  /** Whether closing it gives the connection back instead of ending it. */
  boolean isLent() {
    return this == LEASE || this == FACTORY_TO_POOL || isSecure();
  }

  /** Whether TLS is inside it, and none is layered over it. */
  boolean isSecure() {
    return this == SECURE_LEASE || this == SECURE_FACTORY;
  }

  @Override
  public String toString() {
    return told;
  }
}

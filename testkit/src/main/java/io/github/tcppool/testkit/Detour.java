package io.github.tcppool.testkit;

/**
 * Leaves a behaviour in the middle, at its next read or delay, so that another one can take over.
 *
 * <p>An exception, because a behaviour is plain blocking code, often a user's lambda, that should
 * not have to ask after every step whether it is still wanted. Never seen outside this package.
 */
final class Detour extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who asked for it, so that exactly the one who asked catches it. */
  private final transient Object origin;

  Detour(Object origin) {
    super("another behaviour takes over", null, false, false);
    this.origin = origin;
  }

  boolean isFrom(Object candidate) {
    return origin == candidate;
  }
}

package io.github.tcppool.internal.engine;

/** For calls that must not sleep. */
final class NoParker implements Parker {

  @Override
  public void sleep(long nanos) {
    throw new AssertionError("a call that must not wait waits");
  }

  @Override
  public void wake() {}
}

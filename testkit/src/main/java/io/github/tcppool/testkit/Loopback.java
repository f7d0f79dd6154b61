package io.github.tcppool.testkit;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The addresses on which everything here listens: never on one that others can reach. */
final class Loopback {
  static final InetAddress V4 = of(new byte[] {127, 0, 0, 1});
  static final InetAddress V6 = of(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

  private Loopback() {}

  private static InetAddress of(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new AssertionError("an address of a legal length", e);
    }
  }
}

package io.github.tcppool.conformance;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The kinds that a part of the suite is about. */
final class Kinds {

  private Kinds() {}

  /** All there are. */
  static Stream<Kind> all() {
    return kinds(kind -> true);
  }

  /** All without TLS. */
  static Stream<Kind> bare() {
    return kinds(kind -> !kind.tls());
  }

  /** Those that are one TCP connection: what the peer does to it is seen. */
  static Stream<Kind> connections() {
    return kinds(Kind::isOneConnection);
  }

  /** Those that are one TCP connection, without TLS. */
  static Stream<Kind> bareConnections() {
    return kinds(kind -> kind.isOneConnection() && !kind.tls());
  }

  /** Those that are one TCP connection, and end it when they are closed; without TLS. */
  static Stream<Kind> owned() {
    return bareConnections().filter(kind -> !kind.origin().isLent());
  }

  /** Those that begin unconnected. */
  static Stream<Kind> unconnected() {
    return kinds(kind -> kind.origin().startsUnconnected() && !kind.tls());
  }

  /** Ours, without TLS. */
  static Stream<Kind> ours() {
    return kinds(kind -> !kind.isReference() && !kind.tls());
  }

  /** Ours, with TLS. */
  static Stream<Kind> oursUnderTls() {
    return kinds(kind -> !kind.isReference() && kind.tls());
  }

  /** Ours that begin unconnected. */
  static Stream<Kind> oursUnconnected() {
    return unconnected().filter(kind -> !kind.isReference());
  }

  /** Those whose close gives the connection back. */
  static Stream<Kind> lent() {
    return bare().filter(kind -> kind.origin().isLent());
  }

  /** Ours, without TLS, where the garbage of a thread is counted. */
  static Stream<Kind> oursOnPlatformThreads() {
    return ours().filter(kind -> kind.threads() == Threads.PLATFORM);
  }

  /** The face of a whole pool. */
  static Stream<Kind> whole() {
    return bare().filter(kind -> !kind.isOneConnection());
  }

  /** With TLS layered over them. */
  static Stream<Kind> layered() {
    return kinds(Kind::isLayered);
  }

  private static Stream<Kind> kinds(Predicate<Kind> wanted) {
    return Arrays.stream(Origin.values())
        .flatMap(origin -> inClearAndNot(origin).flatMap(tls -> onAllThreads(origin, tls)))
        .filter(wanted);
  }

  private static Stream<Boolean> inClearAndNot(Origin origin) {
    return origin.isSecure() ? Stream.of(true) : Stream.of(false, true);
  }

  private static Stream<Kind> onAllThreads(Origin origin, boolean tls) {
    return Threads.available().stream().map(threads -> new Kind(origin, tls, threads));
  }
}

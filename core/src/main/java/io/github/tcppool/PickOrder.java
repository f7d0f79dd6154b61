package io.github.tcppool;

/** Which of an endpoint's idle connections serves the next call. */
public enum PickOrder {
  /** Each in turn, so that all carry the same load. */
  ROTATE,
  /** The one used last, so that the ones not needed fall quiet and reach {@code maxIdle}. */
  LAST_USED
}

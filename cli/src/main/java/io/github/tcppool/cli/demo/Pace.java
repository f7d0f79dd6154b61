package io.github.tcppool.cli.demo;

import java.time.Duration;

/**
 * How long everything in a demonstration takes.
 *
 * @param act how long messages are handed to the pool in one act
 * @param faultAt when the fault comes, from the beginning of the act
 * @param outage how long the server is away
 * @param report how often plain lines are printed
 */
public record Pace(Duration act, Duration faultAt, Duration outage, Duration report) {

  /** Slow enough to follow. */
  public static Pace forPeople() {
    return new Pace(
        Duration.ofMillis(7_500),
        Duration.ofMillis(2_500),
        Duration.ofMillis(2_000),
        Duration.ofSeconds(1));
  }

  /** As fast as it goes while still every fault falls into the stream of messages. */
  public static Pace forMachines() {
    return new Pace(
        Duration.ofMillis(900),
        Duration.ofMillis(300),
        Duration.ofMillis(200),
        Duration.ofMillis(300));
  }
}

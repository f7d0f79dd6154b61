package io.github.tcppool.proof.chaos;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a scenario does at random, so that it can be repeated: {@code -Dchaos.seed=…} with the
 * number that the run has printed.
 */
final class Seed {

  private static final String PROPERTY = "chaos.seed";

  private Seed() {}

  /** The seed of this run, told on standard output. */
  static long of(String scenario) {
    Long given = Long.getLong(PROPERTY);
    long seed = given == null ? ThreadLocalRandom.current().nextLong(1, 1_000_000_000) : given;
    System.out.println(scenario + ": -D" + PROPERTY + "=" + seed);
    return seed;
  }

  static Random random(String scenario) {
    return new Random(of(scenario));
  }
}

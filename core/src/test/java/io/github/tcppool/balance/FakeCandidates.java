package io.github.tcppool.balance;

import io.github.tcppool.Endpoint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Endpoints with figures that a test sets. What is picked counts in the rate, and nothing else. */
final class FakeCandidates implements Candidates {

  final Endpoint[] endpoints;
  final boolean[] usable;

  /** Of how many questions whether it is usable one is answered by yes, as while it warms up. */
  final int[] oneIn;

  private final int[] asked;
  final int[] outstanding;
  final long[] load;
  final long[] roundTrips;
  final double[] rates;

  FakeCandidates(int size) {
    this(endpoints(size));
  }

  FakeCandidates(Endpoint... endpoints) {
    this.endpoints = endpoints;
    usable = new boolean[endpoints.length];
    Arrays.fill(usable, true);
    oneIn = new int[endpoints.length];
    Arrays.fill(oneIn, 1);
    asked = new int[endpoints.length];
    outstanding = new int[endpoints.length];
    load = new long[endpoints.length];
    roundTrips = new long[endpoints.length];
    rates = new double[endpoints.length];
  }

  /** One endpoint for each weight. */
  static FakeCandidates weighing(int... weights) {
    Endpoint[] endpoints = endpoints(weights.length);
    for (int i = 0; i < weights.length; i++) {
      endpoints[i] = endpoints[i].withWeight(weights[i]);
    }
    return new FakeCandidates(endpoints);
  }

  private static Endpoint[] endpoints(int size) {
    Endpoint[] endpoints = new Endpoint[size];
    Arrays.setAll(endpoints, i -> Endpoint.of("server" + i, 1000));
    return endpoints;
  }

  int pick(Balancer balancer, @Nullable Object key) {
    int picked = balancer.pick(this, key);
    rates[picked]++;
    return picked;
  }

  boolean isAnyUsable() {
    for (boolean one : usable) {
      if (one) {
        return true;
      }
    }
    return false;
  }

  int[] shares(Balancer balancer, int picks) {
    int[] shares = new int[usable.length];
    for (int i = 0; i < picks; i++) {
      shares[pick(balancer, null)]++;
    }
    return shares;
  }

  @Override
  public int size() {
    return usable.length;
  }

  @Override
  public Endpoint endpoint(int index) {
    return endpoints[index];
  }

  @Override
  public boolean isUsable(int index) {
    return usable[index] && ++asked[index] % oneIn[index] == 0;
  }

  @Override
  public int leased(int index) {
    return outstanding[index];
  }

  @Override
  public int outstanding(int index) {
    return outstanding[index];
  }

  @Override
  public long load(int index) {
    return load[index];
  }

  @Override
  public double picksPerSecond(int index) {
    return rates[index];
  }

  @Override
  public long roundTripNanos(int index) {
    return roundTrips[index];
  }

  @Override
  public long nanoTime() {
    return 0;
  }

  @Override
  public int failures(int index) {
    return usable[index] ? 0 : 1;
  }
}

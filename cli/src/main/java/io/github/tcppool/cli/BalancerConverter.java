package io.github.tcppool.cli;

import io.github.tcppool.balance.Balancer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a balancer. */
final class BalancerConverter implements ITypeConverter<Balancer> {
  @Override
  public Balancer convert(String text) {
    return switch (text) {
      case "round-robin" -> Balancer.roundRobin();
      case "random" -> Balancer.random();
      case "least-loaded" -> Balancer.leastLoaded();
      case "fastest" -> Balancer.fastest();
      case "weighted" -> Balancer.weighted();
      case "failover" -> Balancer.failover();
      default ->
          throw new TypeConversionException(
              "a balancer must be round-robin, random, least-loaded, fastest, weighted or failover,"
                  + " but was \""
                  + text
                  + "\"");
    };
  }
}

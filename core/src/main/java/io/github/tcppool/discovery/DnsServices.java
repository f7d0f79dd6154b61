package io.github.tcppool.discovery;

import io.github.tcppool.Endpoint;
import io.github.tcppool.internal.dns.DnsClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The endpoints of a service, as its SRV records tell them (RFC 2782). */
final class DnsServices implements Discovery {

  /** For how many hosts of one service addresses are asked. */
  private static final int MAX_HOSTS = 100;

  private final String service;
  private final DnsOptions options;

  DnsServices(String service, DnsOptions options) {
    this.service = Objects.requireNonNull(service, "service must not be null");
    this.options = Objects.requireNonNull(options, "DNS options must not be null");
    DnsClient.requireName(service);
  }

  @Override
  public Duration refresh(Sink sink) throws IOException {
    DnsClient client = options.client();
    DnsClient.Services found = client.services(service);
    List<Endpoint> endpoints = new ArrayList<>();
    long ttl = found.ttlSeconds();
    for (DnsClient.Service each : found.all()) {
      endpoints.add(
          new Endpoint(
              each.host(), each.port(), Math.max(1, each.weight()), each.priority(), Map.of()));
    }
    if (!options.servers().isEmpty()) {
      ttl = Math.min(ttl, resolve(client, endpoints));
    }
    sink.push(endpoints);
    return options.until(ttl);
  }

  /** Puts addresses in the place of names; returns for how many seconds they are good. */
  private long resolve(DnsClient client, List<Endpoint> endpoints) throws IOException {
    if (endpoints.size() > MAX_HOSTS) {
      throw new IOException(service + " has more than " + MAX_HOSTS + " hosts");
    }
    List<Endpoint> named = List.copyOf(endpoints);
    long ttl = Long.MAX_VALUE;
    endpoints.clear();
    for (Endpoint each : named) {
      DnsClient.Addresses found = client.addresses(each.host(), options.family());
      found.all().forEach(address -> endpoints.add(SystemAddresses.at(address, each)));
      ttl = Math.min(ttl, found.ttlSeconds());
    }
    return ttl;
  }

  @Override
  public String toString() {
    return "service " + service;
  }
}

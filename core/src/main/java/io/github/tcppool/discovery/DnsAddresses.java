package io.github.tcppool.discovery;

import io.github.tcppool.Endpoint;
import io.github.tcppool.internal.dns.DnsClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The addresses of a name, as DNS servers tell them. */
final class DnsAddresses implements Discovery {

  private final Endpoint name;
  private final DnsOptions options;

  DnsAddresses(String host, int port, DnsOptions options) {
    name = Endpoint.of(host, port);
    this.options = options;
    DnsClient.requireName(host);
  }

  @Override
  public Duration refresh(Sink sink) throws IOException {
    DnsClient client = options.client();
    DnsClient.Addresses found = client.addresses(name.host(), options.family());
    List<Endpoint> endpoints = new ArrayList<>();
    found.all().forEach(address -> endpoints.add(SystemAddresses.at(address, name)));
    sink.push(endpoints);
    return options.until(found.ttlSeconds());
  }

  @Override
  public String toString() {
    return "addresses of " + name.host() + " in DNS";
  }
}

package io.github.tcppool.discovery;

import io.github.tcppool.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The addresses of a name, as the system resolves it. */
final class SystemAddresses implements Discovery {

  private static final Duration INTERVAL = Duration.ofSeconds(30);

  /** What the addresses have in common. */
  private final Endpoint name;

  SystemAddresses(String host, int port) {
    name = Endpoint.of(host, port);
  }

  @Override
  public Duration refresh(Sink sink) throws UnknownHostException {
    List<Endpoint> endpoints = new ArrayList<>();
    for (InetAddress address : InetAddress.getAllByName(name.host())) {
      endpoints.add(at(address, name));
    }
    sink.push(endpoints);
    return INTERVAL;
  }

  /** One address of an endpoint that is known by its name. */
  static Endpoint at(InetAddress address, Endpoint named) {
    return new Endpoint(
        address.getHostAddress(),
        named.port(),
        named.weight(),
        named.priority(),
        Map.of("name", named.host()));
  }

  @Override
  public String toString() {
    return "addresses of " + name.host();
  }
}

package io.github.tcppool.proof.chaos;

import io.github.tcppool.proof.checks.Received;
import io.github.tcppool.proof.fleet.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Several server processes, which answer who wants a reply. */
final class Fleet implements AutoCloseable {

  private final List<ServerProcess> servers = new ArrayList<>();

  static Fleet start(int size) throws IOException {
    Fleet fleet = new Fleet();
    try {
      while (fleet.servers.size() < size) {
        fleet.servers.add(ServerProcess.start(ServerProcess.Mode.ECHO));
      }
      return fleet;
    } catch (IOException | RuntimeException e) {
      fleet.close();
      throw e;
    }
  }

  List<ServerProcess> servers() {
    return servers;
  }

  String[] hostPorts() {
    return servers.stream().map(ServerProcess::hostPort).toArray(String[]::new);
  }

  List<Received> received() {
    List<Received> all = new ArrayList<>();
    try {
      for (ServerProcess server : servers) {
        all.addAll(server.log().received());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  void forget() {
    servers.forEach(server -> server.log().forget());
  }

  int open() {
    int open = 0;
    try {
      for (ServerProcess server : servers) {
        open += server.log().open();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return open;
  }

  @Override
  public void close() throws IOException {
    for (ServerProcess server : servers) {
      server.close();
    }
  }
}

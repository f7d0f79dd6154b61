package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.Conversation;
import io.github.tcppool.TcpPool;
import io.github.tcppool.testkit.TcpPeer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;

/** A reply of several lines, ended by a dot: a conversation instead of a framing. */
public final class ReadUntilDot {

  private static final Conversation<List<String>> LIST =
      (in, out) -> {
        out.write("LIST\n".getBytes(UTF_8));
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8));
        List<String> names = new ArrayList<>();
        for (String line = reader.readLine(); line != null && !line.equals("."); ) {
          names.add(line);
          line = reader.readLine();
        }
        return names;
      };

  private ReadUntilDot() {}

  /** Lists what a server has that it starts itself. */
  public static void main(String[] args) throws IOException {
    try (TcpPeer server = Peers.listing();
        TcpPool pool = TcpPool.open(server.hostPort())) {
      System.out.println(pool.exchange(LIST));
    }
  }
}

package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;

/** The same question in a framing that comes with the library, and in two of one's own. */
public final class FrameMessages {

  private FrameMessages() {}

  /** Asks a server that it starts itself, and that sends everything back as it came. */
  public static void main(String[] args) throws IOException {
    try (TcpPeer server = TcpPeer.start(Behaviour.echo());
        TcpPool binary = binary(server.hostPort());
        TcpPool hl7 = framed(server, new Mllp(1 << 20));
        TcpPool digits = framed(server, new FourDigits(9_999))) {
      ask(binary, "a length in front");
      ask(hl7, "marks around it");
      ask(digits, "four digits in front");
    }
  }

  private static TcpPool binary(String server) {
    return TcpPool.builder(server)
        .framing(Framing.lengthPrefix(4).withMaxMessageBytes(8 << 20))
        .build();
  }

  private static TcpPool framed(TcpPeer server, Framing framing) {
    return TcpPool.builder(server.hostPort()).framing(framing).build();
  }

  private static void ask(TcpPool pool, String question) throws IOException {
    System.out.println(new String(pool.exchange(question.getBytes(UTF_8)), UTF_8));
  }
}

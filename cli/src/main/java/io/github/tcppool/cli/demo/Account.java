package io.github.tcppool.cli.demo;

import java.util.BitSet;
import java.util.List;

/**
 * What became of the messages of one act.
 *
 * @param script the act
 * @param sent messages handed to the pool
 * @param failed calls that ended in an exception, which tells the caller; none is expected
 * @param received different messages that a server's program has read
 * @param duplicated messages that came once more than they had to
 */
record Account(Script script, int sent, long failed, int received, int duplicated) {

  /** Compares what was sent with what all servers have noted. */
  static Account of(Script script, int sent, long failed, List<Server> servers) {
    BitSet seen = new BitSet(sent);
    int duplicates = 0;
    for (Server server : servers) {
      for (Server.Message message : server.messages()) {
        if (message.act() == script.number()) {
          if (seen.get(message.number())) {
            duplicates++;
          }
          seen.set(message.number());
        }
      }
    }
    return new Account(script, sent, failed, seen.cardinality(), duplicates);
  }

  /** Messages that no program has read. */
  int lost() {
    return sent - received;
  }

  /** Whether the pool kept what it promises. */
  boolean isAsPromised() {
    return !script.mustLoseNothing() || (lost() == 0 && failed == 0);
  }
}

package io.github.tcppool.benchmarks.peers;

import java.util.List;

/** All peers, by the names that stand in the table. */
public final class Peers {

  /** HikariCP's collection of idle connections, alone. */
  public static final String HIKARI_BAG = "HikariCP ConcurrentBag";

  private static final String STORMPOT = "Stormpot";

  /** Pools that lend objects as they are: without a look at whether a socket still lives. */
  public static final List<String> WHOLE_POOLS =
      List.of(
          "HikariCP",
          STORMPOT,
          "vibur",
          "commons-pool2",
          "httpcore5 StrictConnPool",
          "httpcore5 LaxConnPool",
          "reactor-pool",
          "Netty FixedChannelPool",
          "Spring CachingClientConnectionFactory");

  private Peers() {}

  /** Why a peer cannot run here; empty if it can. */
  public static String missing(String name) {
    return name.equals(STORMPOT) && Runtime.version().feature() < 21 ? "needs JDK 21" : "";
  }

  /** A pool of this many objects, all of them made. */
  public static Peer open(String name, int objects) throws Exception {
    return switch (name) {
      case HIKARI_BAG -> new HikariBagPeer(objects);
      case "HikariCP" -> new HikariPeer(objects);
      case STORMPOT -> new StormpotPeer(objects);
      case "vibur" -> new ViburPeer(objects);
      case "commons-pool2" -> new CommonsPeer(objects);
      case "httpcore5 StrictConnPool" -> HttpCorePeer.strict(objects);
      case "httpcore5 LaxConnPool" -> HttpCorePeer.lax(objects);
      case "reactor-pool" -> new ReactorPeer(objects);
      case "Netty FixedChannelPool" -> new NettyPeer(objects);
      case "Spring CachingClientConnectionFactory" -> new SpringPeer(objects);
      default -> throw new IllegalArgumentException("peer must be known, but was " + name);
    };
  }
}

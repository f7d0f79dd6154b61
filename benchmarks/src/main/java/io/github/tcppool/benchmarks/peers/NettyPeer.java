package io.github.tcppool.benchmarks.peers;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.pool.AbstractChannelPoolHandler;
import io.netty.channel.pool.FixedChannelPool;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Netty's fixed pool of real connections, waited for by the calling thread. */
final class NettyPeer implements Peer {

  private final Backlog backlog;
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
  private final FixedChannelPool pool;

  NettyPeer(int objects) throws Exception {
    backlog = new Backlog(objects);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .remoteAddress(InetAddress.getLoopbackAddress(), backlog.port());
    pool =
        new FixedChannelPool(
            bootstrap,
            new AbstractChannelPoolHandler() {
              @Override
              public void channelCreated(Channel channel) {}
            },
            objects);
    List<Channel> made = new ArrayList<>();
    for (int i = 0; i < objects; i++) {
      made.add(pool.acquire().get(30, TimeUnit.SECONDS));
    }
    for (Channel channel : made) {
      Void unused = pool.release(channel).get(30, TimeUnit.SECONDS);
    }
  }

  @Override
  public void cycle() throws Exception {
    Void unused = pool.release(pool.acquire().get()).get();
  }

  @Override
  public void close() throws IOException {
    pool.close();
    boolean unused =
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    backlog.close();
  }
}

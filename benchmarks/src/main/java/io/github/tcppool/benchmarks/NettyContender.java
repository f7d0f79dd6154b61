package io.github.tcppool.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.pool.AbstractChannelPoolHandler;
import io.netty.channel.pool.FixedChannelPool;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Netty's FixedChannelPool; the calling thread waits, as that of a blocking call does. */
final class NettyContender implements Contender {

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
  private final FixedChannelPool pool;
  private final boolean exchanging;
  private final int bytes;

  NettyContender(int port, int connections, boolean exchanging, int bytes) {
    this.exchanging = exchanging;
    this.bytes = bytes;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .remoteAddress(InetAddress.getLoopbackAddress(), port);
    pool =
        new FixedChannelPool(
            bootstrap,
            new AbstractChannelPoolHandler() {
              @Override
              public void channelCreated(Channel channel) {
                channel.pipeline().addLast(new Replies());
              }
            },
            connections);
  }

  /** Counts the bytes of the reply that somebody waits for. */
  private final class Replies extends SimpleChannelInboundHandler<ByteBuf> {

    private int missing;
    private volatile CompletableFuture<Void> whole = new CompletableFuture<>();

    CompletableFuture<Void> next() {
      CompletableFuture<Void> expected = new CompletableFuture<>();
      missing = bytes; // seen by the loop, as the write that follows is handed over to it
      whole = expected;
      return expected;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf part) {
      missing -= part.readableBytes();
      if (missing == 0) {
        whole.complete(null);
      }
    }
  }

  @Override
  public Operation operation(int thread) {
    byte[] message = Contender.message(bytes);
    return () -> {
      try {
        perform(message);
      } catch (InterruptedException | ExecutionException e) {
        throw new IOException("a step failed", e);
      }
    };
  }

  private void perform(byte[] message) throws InterruptedException, ExecutionException {
    Channel channel = pool.acquire().get();
    if (exchanging) {
      CompletableFuture<Void> reply = channel.pipeline().get(Replies.class).next();
      Object unused = channel.writeAndFlush(Unpooled.wrappedBuffer(message));
      Void unusedToo = reply.get();
    } else {
      Void unused = channel.writeAndFlush(Unpooled.wrappedBuffer(message)).get();
    }
    Object unused = pool.release(channel);
  }

  @Override
  public void close() {
    pool.close();
    boolean unused =
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}

package io.github.tcppool.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

/** What many programs have: commons-pool2 with a factory of sockets, which it does not test. */
final class CommonsContender implements Contender {

  private final GenericObjectPool<Socket> pool;
  private final boolean exchanging;
  private final int bytes;

  CommonsContender(int port, int connections, boolean exchanging, int bytes) throws IOException {
    this.exchanging = exchanging;
    this.bytes = bytes;
    GenericObjectPoolConfig<Socket> config = new GenericObjectPoolConfig<>();
    config.setMinIdle(connections);
    config.setMaxIdle(connections);
    config.setMaxTotal(connections);
    config.setJmxEnabled(false);
    pool = new GenericObjectPool<>(new Sockets(port), config);
    try {
      pool.preparePool();
    } catch (Exception e) {
      throw new IOException("pool was not filled", e);
    }
  }

  @Override
  public Operation operation(int thread) {
    byte[] message = Contender.message(bytes);
    return () -> {
      Socket socket = borrow();
      socket.getOutputStream().write(message);
      if (exchanging) {
        byte[] reply = new byte[message.length];
        if (socket.getInputStream().readNBytes(reply, 0, reply.length) < reply.length) {
          throw new EOFException("stream ended before the reply");
        }
      }
      pool.returnObject(socket);
    };
  }

  private Socket borrow() throws IOException {
    try {
      return pool.borrowObject();
    } catch (Exception e) {
      throw new IOException("no socket was lent", e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  private static final class Sockets extends BasePooledObjectFactory<Socket> {

    private final int port;

    Sockets(int port) {
      this.port = port;
    }

    @Override
    public Socket create() throws IOException {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      return socket;
    }

    @Override
    public PooledObject<Socket> wrap(Socket socket) {
      return new DefaultPooledObject<>(socket);
    }

    @Override
    public void destroyObject(PooledObject<Socket> pooled) throws IOException {
      pooled.getObject().close();
    }
  }
}

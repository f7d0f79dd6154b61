package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Greets in clear, goes over to TLS when it is told to, then sends back what comes. */
final class StartTlsServer implements AutoCloseable {

  private final ServerSocket listener;
  private final SSLContext context;

  private StartTlsServer(ServerSocket listener, SSLContext context) {
    this.listener = listener;
    this.context = context;
  }

  static StartTlsServer start(SSLContext context) throws IOException {
    StartTlsServer server =
        new StartTlsServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), context);
    Thread serving = new Thread(server::serve, "starttls-server");
    serving.setDaemon(true);
    serving.start();
    return server;
  }

  String hostPort() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  private void serve() {
    while (true) {
      try (Socket client = listener.accept()) {
        client.getOutputStream().write("220 ready\n".getBytes(UTF_8));
        int unused = client.getInputStream().readNBytes("STARTTLS\n".length()).length;
        client.getOutputStream().write("go\n".getBytes(UTF_8));
        SSLSocket secured =
            (SSLSocket)
                context
                    .getSocketFactory()
                    .createSocket(client, InputStream.nullInputStream(), false);
        long unusedEchoed = secured.getInputStream().transferTo(secured.getOutputStream());
      } catch (IOException e) {
        if (listener.isClosed()) {
          return;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}

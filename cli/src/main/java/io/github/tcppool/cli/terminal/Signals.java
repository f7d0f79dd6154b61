package io.github.tcppool.cli.terminal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Turns Ctrl-C and {@code kill} into a {@link StopRequest}; the second one ends the process at
 * once.
 *
 * <p>A shutdown hook would not do: once the JVM is shutting down it no longer hears a second
 * Ctrl-C. The classes are reached by reflection, as javac warns of them in a way that cannot be
 * switched off. Where they are missing, the JVM's own behaviour stays: the first signal ends the
 * process.
 */
public final class Signals {
  private static final int BASE = 128; // a shell's exit code for signal n is 128 + n
  private static final int INTERRUPT = 2;
  private static final int TERMINATE = 15;

  private final StopRequest stop;
  private final Terminal terminal;

  private Signals(StopRequest stop, Terminal terminal) {
    this.stop = stop;
    this.terminal = terminal;
  }

  /** Handles both signals from now on. */
  public static void handle(StopRequest stop, Terminal terminal) {
    Signals signals = new Signals(stop, terminal);
    signals.install("INT", BASE + INTERRUPT);
    signals.install("TERM", BASE + TERMINATE);
  }

  private void install(String name, int exitCode) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handler}, handler(exitCode));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // The signal keeps its usual meaning.
    }
  }

  private InvocationHandler handler(int exitCode) {
    return (proxy, method, arguments) ->
        switch (method.getName()) {
          case "handle" -> {
            received(exitCode);
            yield null;
          }
          case "equals" -> proxy == arguments[0];
          case "hashCode" -> System.identityHashCode(proxy);
          default -> "tcp-pool signal handler";
        };
  }

  private void received(int exitCode) {
    if (stop.isRequested() || !stop.request(exitCode)) {
      terminal.restore();
      // Not exit(): it would wait for hooks, and somebody has asked twice.
      Runtime.getRuntime().halt(exitCode);
    }
    String line = terminal.errIsScreen() ? "\r\u001b[K" : "";
    terminal.err().println(line + "tcp-pool: finishing; the same signal again ends at once");
  }
}

package io.github.tcppool.internal.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A small mistake in one source file of the engine.
 *
 * @param name what is wrong with it
 * @param file the file's name without its ending
 * @param original the text that is replaced; it must be there exactly once
 * @param planted what stands there instead
 */
record Mutant(String name, String file, String original, String planted) {

  private static final Path SOURCES =
      Path.of("src/main/java/io/github/tcppool/internal/engine").toAbsolutePath();

  /** Those that the suites must catch. */
  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "the end of a discarded connection tells nobody",
              "Closings",
              """
                    lane.closing--;
                    ledger.countClosed(lane, reason);
                    dials().planLocked(null, after);
              """,
              """
                    lane.closing--;
                    ledger.countClosed(lane, reason);
              """),
          new Mutant(
              "a waiter does not look again after it joined the line",
              "Ledger",
              """
                    line.join(waiter);
                    matchIdle(after);
              """,
              """
                    line.join(waiter);
              """),
          new Mutant(
              "a release does not look whether somebody waits",
              "Engine",
              """
                  connection.freed();
                  if (ledger.waiting() != 0) {
                    matchIdle();
                  }
              """,
              """
                  connection.freed();
              """),
          new Mutant(
              "a connection that is gone is taken off the books twice",
              "Closings",
              """
                    lane.closing--;
                    ledger.countClosed(lane, reason);
              """,
              """
                    lane.closing -= 2;
                    ledger.countClosed(lane, reason);
              """),
          new Mutant(
              "a dial that ends after the pool was closed is kept",
              "Dials",
              "    if (ledger.isClosed()) {\n      closings.retireLocked(",
              "    if (lane.failures < 0) {\n      closings.retireLocked("),
          new Mutant(
              "a claim stores instead of comparing and setting",
              "Pooled",
              "    return state == 0 && STATE.compareAndSet(this, 0, OWNED);",
              """
                  if (state != 0) {
                    return false;
                  }
                  state = OWNED;
                  return true;
              """),
          new Mutant(
              "half a release stores instead of comparing and setting",
              "Pooled",
              """
                    if (STATE.compareAndSet(this, seen, last ? RETIRING | CLOSED : left)) {
                      return last;
              """,
              """
                    state = last ? RETIRING | CLOSED : left;
                    if (seen >= 0) {
                      return last;
              """),
          new Mutant(
              "a dial is started without a look at the maximum of the endpoint",
              "DialPlan",
              "    if (!lane.isActive() || lane.total() >= most || lane.dialing()",
              "    if (!lane.isActive() || lane.total() > most || lane.dialing()"),
          new Mutant(
              "a waiter that timed out stays in the line",
              "Ledger",
              """
                    line.leave(waiter);
                    matchBehind(after);
                    return true;
              """,
              """
                    return true;
              """),
          new Mutant(
              "a connection is handed to a waiter that has left",
              "Ledger",
              """
                    if (!waiter.queued) {
                      return false;
                    }
                    line.leave(waiter);
              """,
              """
                    line.leave(waiter);
              """),
          new Mutant(
              "nobody who was granted something is woken",
              "Closings",
              """
                  for (Waiter waiter : after.wakes) {
                    waiter.wake();
                  }
              """,
              ""),
          new Mutant(
              "a waiter is granted something after it was woken",
              "Waiter",
              """
                  queued = false;
                  granted = connection;
                }

                /** Under the lock; the caller then calls {@link #wake()} without it. */
                void fail(@Nullable Lane lane) {
                  queued = false;
                  failedLane = lane;
                  failed = true;
                }

                void wake() {
                  parker.wake();
                }
              """,
              """
                  queued = false;
                  parker.wake();
                  granted = connection;
                }

                void fail(@Nullable Lane lane) {
                  queued = false;
                  failedLane = lane;
                  failed = true;
                  parker.wake();
                }

                void wake() {}
              """),
          new Mutant(
              "a release drops the mark that a connection is closed",
              "Pooled",
              "      int left = seen & ~halves;",
              "      int left = seen & ~halves & ~CLOSED;"),
          new Mutant(
              "a connection that is closed twice frees two places",
              "Closings",
              """
                  if (!endsNow(connection)) {
                    return;
                  }
              """,
              """
                  endsNow(connection);
              """),
          new Mutant(
              "evicting misses connections that are being claimed",
              "Pooled",
              "      if (STATE.compareAndSet(this, seen, free ? RETIRING | CLOSED : seen |"
                  + " RETIRING)) {",
              "      if (!free || STATE.compareAndSet(this, seen, RETIRING | CLOSED)) {"),
          new Mutant(
              "who waits for an endpoint that leaves is forgotten",
              "Membership",
              "    ledger.moveBound(lane, after);",
              ""),
          new Mutant(
              "a dial to an endpoint that has left is kept",
              "Dials",
              "    } else if (!lane.isActive()) {",
              "    } else if (lane.failures < 0) {"),
          new Mutant(
              "whoever joins the line for an endpoint that has left stays there",
              "Ledger",
              "      if (!canServe(waiter.preferred)) {",
              "      if (waiter.place() < 0) {"),
          new Mutant(
              "an endpoint that comes back while it leaves begins anew",
              "Lanes",
              "      if (nameOf(lane.endpoint()).equals(name)) {",
              "      if (name.isEmpty()) {"),
          new Mutant(
              "a failed dial keeps its place",
              "Dials",
              """
                    lane.endDial(dial);
                    ledger.dialed.signalAll();
                    lane.dialFailures++;
              """,
              """
                    ledger.dialed.signalAll();
                    lane.dialFailures++;
              """));

  /** Compiles the file with the mistake into a folder that is to stand first on a class path. */
  void plantIn(Path folder) throws IOException {
    String source = Files.readString(SOURCES.resolve(file + ".java"));
    int at = source.indexOf(original);
    if (at < 0 || source.indexOf(original, at + 1) >= 0) {
      throw new AssertionError(
          "mutant '" + name + "': its text must be in " + file + " exactly once:\n" + original);
    }
    Path changed = folder.resolve("source").resolve(file + ".java");
    Files.createDirectories(changed.getParent());
    Files.writeString(changed, source.replace(original, planted));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      Iterable<? extends JavaFileObject> units = files.getJavaFileObjects(changed);
      List<String> options =
          List.of(
              "-proc:none",
              "-nowarn",
              "-d",
              folder.toString(),
              "-cp",
              System.getProperty("java.class.path"));
      if (!compiler.getTask(null, files, null, options, null, units).call()) {
        throw new AssertionError("mutant '" + name + "' does not compile");
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}

package io.github.tcppool.proof.checks;

import io.github.tcppool.CallFailure;
import io.github.tcppool.CallOptions;
import io.github.tcppool.TcpPool;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Makes calls and writes down what came of them. For any number of threads. */
public final class History {

  private final Queue<Call> ended = new ConcurrentLinkedQueue<>();
  private final Set<Message> open = ConcurrentHashMap.newKeySet();

  /** Makes one call in this thread; never throws what the call throws. */
  public Call call(Verb verb, TcpPool pool, Message message, CallOptions options) {
    if (!open.add(message)) {
      throw new IllegalArgumentException("message must be called for once, but " + message);
    }
    Duration allowed =
        Duration.ofNanos(options.deadlineNanos(pool.options().callTimeout().toNanos()));
    long started = System.nanoTime();
    Ending ending;
    Throwable failure = null;
    try {
      ending = verb.perform(pool, message, options, started + allowed.toNanos());
    } catch (Throwable t) { // also errors: they are what must not happen
      failure = t instanceof Verb.UseFailed ? t.getCause() : t;
      ending = ending(t);
    }
    Call call =
        new Call(
            verb,
            message,
            options.isIdempotent(),
            allowed,
            started,
            System.nanoTime(),
            ending,
            failure);
    ended.add(call);
    open.remove(message);
    return call;
  }

  private static Ending ending(@Nullable Throwable thrown) {
    if (thrown instanceof Verb.UseFailed) {
      return Ending.UNKNOWN;
    }
    if (!(thrown instanceof CallFailure failure)) {
      return Ending.CRASHED;
    }
    return switch (failure.outcome()) {
      case NOT_SENT -> Ending.NOT_SENT;
      case PARTIAL -> Ending.PARTIAL;
      case UNKNOWN -> Ending.UNKNOWN;
    };
  }

  /** The calls that have ended, in the order of their ends. */
  public List<Call> calls() {
    return List.copyOf(ended);
  }

  /** The calls that ended in this way. */
  public List<Call> calls(Ending ending) {
    return ended.stream().filter(call -> call.ending() == ending).toList();
  }

  /** What is being called for at this moment. */
  public Set<Message> open() {
    return Set.copyOf(open);
  }
}

package io.github.tcppool.proof.checks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must hold between the calls that were made and the messages that servers received, whatever
 * fault came between them.
 *
 * <pre>
 * I1  each call ends, once, within its deadline and the slack
 * I2  what a server receives on one connection are whole messages, and at most one torn one at the end
 * I3  NOT_SENT and PARTIAL were not received whole; nothing was received twice unless it may be
 * I4  what was confirmed was received
 * I8  no reply went to another request
 * </pre>
 *
 * <p>I5 (the pool at rest), I6 (descriptors and threads) and I7 (the maximum) are those of {@link
 * PoolWatch} and {@link Census}.
 */
public final class Invariants {

  /**
   * How much later than its deadline a call may end on a machine that does other things beside: a
   * thread that is due may have to wait for a processor. The contract's own 10 ms are measured
   * where the machine is quiet.
   */
  public static final Duration SLACK = Duration.ofSeconds(1);

  private static final Set<Ending> MUST_NOT_ARRIVE = EnumSet.of(Ending.NOT_SENT, Ending.PARTIAL);
  private static final int MOST_TOLD = 20;

  private final List<String> violations = new ArrayList<>();

  private Invariants() {}

  /** Checks I1 to I4 and I8; throws an error that lists what does not hold. */
  public static void check(History history, List<Received> received, Duration slack) {
    List<String> violations = violations(history, received, slack);
    if (!violations.isEmpty()) {
      throw new AssertionError(
          violations.size()
              + " violations, such as\n  "
              + String.join("\n  ", violations.subList(0, Math.min(MOST_TOLD, violations.size()))));
    }
  }

  /** What does not hold. */
  public static List<String> violations(History history, List<Received> received, Duration slack) {
    Invariants checked = new Invariants();
    checked.streams(received);
    checked.calls(history, counts(received), slack);
    return checked.violations;
  }

  private static Map<Message, Integer> counts(List<Received> received) {
    Map<Message, Integer> counts = new HashMap<>();
    for (Received connection : received) {
      for (Message message : connection.messages()) {
        counts.merge(message, 1, Integer::sum);
      }
    }
    return counts;
  }

  private void streams(List<Received> received) {
    for (Received connection : received) {
      if (connection.corruption() != null) {
        violations.add("I2: " + connection.connection() + " brought " + connection.corruption());
      }
    }
  }

  private void calls(History history, Map<Message, Integer> counts, Duration slack) {
    history.open().forEach(message -> violations.add("I1: the call of " + message + " never ends"));
    Map<Message, Call> called = new HashMap<>();
    for (Call call : history.calls()) {
      if (called.put(call.message(), call) != null) {
        violations.add("I1: ended twice: " + call);
      }
      call(call, counts.getOrDefault(call.message(), 0), slack);
    }
    for (Message message : counts.keySet()) {
      if (message.sender() != Message.ASIDE
          && !called.containsKey(message)
          && !history.open().contains(message)) {
        violations.add("I3: received, though nobody sent it: " + message);
      }
    }
  }

  private void call(Call call, int times, Duration slack) {
    if (call.took().compareTo(call.allowed().plus(slack)) > 0) {
      violations.add("I1: had " + call.allowed() + ", but: " + call);
    }
    if (call.ending() == Ending.CRASHED) {
      violations.add("I1: ended by what no call may throw: " + call);
    }
    if (MUST_NOT_ARRIVE.contains(call.ending()) && times > 0) {
      violations.add("I3: received all the same: " + call);
    }
    if (times > 1 && !call.idempotent()) {
      violations.add("I3: received " + times + " times: " + call);
    }
    if (call.ending() == Ending.CONFIRMED && times == 0) {
      violations.add("I4: never received: " + call);
    }
    if (call.ending() == Ending.WRONG_REPLY) {
      violations.add("I8: the reply to something else: " + call);
    }
  }
}

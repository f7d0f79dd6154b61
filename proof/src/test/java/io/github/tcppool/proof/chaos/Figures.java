package io.github.tcppool.proof.chaos;

import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a scenario wants to know of a number of calls. */
final class Figures {

  private static final Duration NEVER = Duration.ofDays(1);

  private final List<Call> calls;

  private Figures(List<Call> calls) {
    this.calls = calls;
  }

  static Figures of(Collection<Call> calls) {
    return new Figures(List.copyOf(calls));
  }

  Figures only(Predicate<Call> which) {
    return new Figures(calls.stream().filter(which).toList());
  }

  /** Those that ended in this span. */
  Figures endedIn(long from, long to) {
    return only(call -> call.endedNanos() - from >= 0 && call.endedNanos() - to <= 0);
  }

  /** Those that began at this moment or later. */
  Figures begunAfter(long nanos) {
    return only(call -> call.startedNanos() - nanos >= 0);
  }

  Figures succeeded() {
    return only(Call::succeeded);
  }

  List<Call> failed() {
    return calls.stream().filter(call -> !call.succeeded()).toList();
  }

  List<Call> list() {
    return calls;
  }

  int count() {
    return calls.size();
  }

  long count(Ending ending) {
    return calls.stream().filter(call -> call.ending() == ending).count();
  }

  Duration longest() {
    return calls.stream().map(Call::took).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
  }

  /** What this part of the calls, 0 to 1, did not exceed. */
  Duration quantile(double part) {
    List<Duration> sorted = calls.stream().map(Call::took).sorted().toList();
    int at = (int) Math.floor(sorted.size() * part);
    return sorted.isEmpty() ? Duration.ZERO : sorted.get(Math.min(sorted.size() - 1, at));
  }

  /** The longest gap between two successes within this span, its ends included. */
  Duration blip(long from, long to) {
    long last = from;
    long longest = 0;
    for (Call call : inOrderOfEnds(endedIn(from, to).succeeded())) {
      longest = Math.max(longest, call.endedNanos() - last);
      last = call.endedNanos();
    }
    return Duration.ofNanos(Math.max(longest, to - last));
  }

  private static List<Call> inOrderOfEnds(Figures some) {
    return some.calls.stream()
        .sorted((a, b) -> Long.compare(a.endedNanos() - b.endedNanos(), 0))
        .toList();
  }

  /** How long after this moment the first call succeeded. */
  Duration firstSuccessAfter(long nanos) {
    return firstSuccesses(nanos).values().stream().min(Comparator.naturalOrder()).orElse(NEVER);
  }

  /** How long after this moment the last of so many callers had its first success. */
  Duration allSucceededAfter(long nanos, int callers) {
    Map<Integer, Duration> first = firstSuccesses(nanos);
    return first.size() < callers
        ? NEVER
        : first.values().stream().max(Comparator.naturalOrder()).orElse(NEVER);
  }

  private Map<Integer, Duration> firstSuccesses(long nanos) {
    Map<Integer, Duration> first = new HashMap<>();
    for (Call call : succeeded().calls) {
      long after = call.endedNanos() - nanos;
      if (after >= 0) {
        first.merge(
            call.message().sender(),
            Duration.ofNanos(after),
            (a, b) -> a.compareTo(b) <= 0 ? a : b);
      }
    }
    return first;
  }

  @Override
  public String toString() {
    Map<Ending, Long> endings =
        calls.stream().collect(Collectors.groupingBy(Call::ending, Collectors.counting()));
    return endings
        + ", p50 "
        + micros(quantile(0.5))
        + ", p99 "
        + micros(quantile(0.99))
        + ", longest "
        + micros(longest());
  }

  private static String micros(Duration time) {
    return String.format("%.3f ms", time.toNanos() / 1e6);
  }
}

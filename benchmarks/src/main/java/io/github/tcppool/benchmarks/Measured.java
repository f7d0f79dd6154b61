package io.github.tcppool.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One measurement: the figures of all who took part, ours first.
 *
 * @param what what was measured, with its unit
 * @param digits behind the point
 * @param goal what is to be reached; empty if nothing is promised
 * @param reached null if nothing is promised
 */
record Measured(
    String what, int digits, List<Figure> figures, String goal, @Nullable Boolean reached) {

  /**
   * The figure of one participant.
   *
   * @param value null where it could not take part
   * @param ratio ours divided by this one
   * @param note why there is no value, or how to read it
   */
  record Figure(String who, @Nullable Spread value, @Nullable Spread ratio, String note) {

    static Figure of(String who, Spread value) {
      return new Figure(who, value, null, "");
    }

    static Figure against(String who, Spread value, Spread ratio) {
      return new Figure(who, value, ratio, "");
    }

    static Figure missing(String who, String why) {
      return new Figure(who, null, null, why);
    }
  }

  /** One of ours, with a goal. */
  static Measured ours(String what, int digits, Spread value, String goal, Boolean reached) {
    return new Measured(what, digits, List.of(Figure.of("tcp-pool", value)), goal, reached);
  }

  /** All who took part in a race; the goal is for ours divided by the one named. */
  static Measured race(
      String what,
      int digits,
      Race race,
      ToDoubleFunction<Round.Result> figure,
      @Nullable Goal goal) {
    List<Figure> figures =
        race.names().stream()
            .map(
                name ->
                    name.equals(race.names().get(0))
                        ? Figure.of(name, race.of(name, figure))
                        : Figure.against(name, race.of(name, figure), race.ratio(name, figure)))
            .toList();
    return goal == null
        ? new Measured(what, digits, figures, "", null)
        : new Measured(
            what, digits, figures, goal.text(), goal.isReached(race.ratio(goal.rival(), figure)));
  }

  /** Ours divided by a rival's, at least or at most so much. */
  record Goal(String rival, double ratio, boolean atLeast) {

    static Goal atLeast(double ratio, String rival) {
      return new Goal(rival, ratio, true);
    }

    static Goal atMost(double ratio, String rival) {
      return new Goal(rival, ratio, false);
    }

    String text() {
      return String.format(Locale.ROOT, "%s %.2f × %s", atLeast ? "≥" : "≤", ratio, rival);
    }

    boolean isReached(Spread measured) {
      return atLeast ? measured.median() >= ratio : measured.median() <= ratio;
    }
  }
}

package io.github.tcppool.proof.chaos;

import io.github.tcppool.testkit.Direction;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/**
 * What can be done to a server and the way to it.
 *
 * <p>Everything but corruption: TCP's checksum lets none through that a pool could find, so all
 * that comes of it is that the invariants tell of corruption.
 */
enum Harm {
  KILL {
    @Override
    void befall(Site site, Random random) {
      site.server().kill();
    }
  },
  FREEZE_PROCESS {
    @Override
    void befall(Site site, Random random) throws IOException {
      site.freeze();
    }
  },
  LATENCY {
    @Override
    void befall(Site site, Random random) {
      way(site, random).latency(millis(random, 300), millis(random, 100));
    }
  },
  BANDWIDTH {
    @Override
    void befall(Site site, Random random) {
      way(site, random).bandwidth(1_000 + random.nextInt(100_000));
    }
  },
  SLICE {
    @Override
    void befall(Site site, Random random) {
      way(site, random).slice(1 + random.nextInt(100), millis(random, 20));
    }
  },
  STALL {
    @Override
    void befall(Site site, Random random) {
      way(site, random).stall();
    }
  },
  FREEZE {
    @Override
    void befall(Site site, Random random) {
      way(site, random).freeze();
    }
  },
  SWALLOW {
    @Override
    void befall(Site site, Random random) {
      way(site, random).swallow();
    }
  },
  CUT {
    @Override
    void befall(Site site, Random random) {
      way(site, random).cutAfter(random.nextInt(20_000));
    }
  },
  RESET {
    @Override
    void befall(Site site, Random random) {
      way(site, random).resetAfter(random.nextInt(20_000));
    }
  },
  HALF_CLOSE {
    @Override
    void befall(Site site, Random random) {
      way(site, random).halfClose();
    }
  },
  BLACKHOLE {
    @Override
    void befall(Site site, Random random) {
      site.proxy().blackhole();
    }
  },
  REFUSE {
    @Override
    void befall(Site site, Random random) {
      site.proxy().refuse();
    }
  },
  ACCEPT_NOTHING {
    @Override
    void befall(Site site, Random random) {
      site.proxy().pauseAccepting();
    }
  },
  CLOSE_ALL {
    @Override
    void befall(Site site, Random random) {
      site.proxy().closeAll();
    }
  },
  RESET_ALL {
    @Override
    void befall(Site site, Random random) {
      site.proxy().resetAll();
    }
  },
  KILL_THE_WAY {
    @Override
    void befall(Site site, Random random) {
      site.proxy().kill();
    }
  };

  private static final Harm[] ALL = values();

  static Harm any(Random random) {
    return ALL[random.nextInt(ALL.length)];
  }

  abstract void befall(Site site, Random random) throws IOException;

  private static Direction way(Site site, Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> site.proxy().upstream();
      case 1 -> site.proxy().downstream();
      default -> site.proxy().both();
    };
  }

  private static Duration millis(Random random, int most) {
    return Duration.ofMillis(1 + random.nextInt(most));
  }
}

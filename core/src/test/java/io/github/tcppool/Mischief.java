package io.github.tcppool;

/** What code of a user's may do to the thread that runs it, short of blocking. */
enum Mischief {
  THROWS_A_RUNTIME_EXCEPTION {
    @Override
    void happen() {
      throw new IllegalStateException("mischief");
    }
  },
  THROWS_AN_ERROR {
    @Override
    void happen() {
      throw new AssertionError("mischief");
    }
  },
  OVERFLOWS_THE_STACK {
    @Override
    void happen() {
      throw new StackOverflowError("mischief");
    }
  },
  RUNS_OUT_OF_MEMORY {
    @Override
    void happen() {
      throw new OutOfMemoryError("mischief");
    }
  },
  THROWS_WHAT_IT_DOES_NOT_DECLARE {
    @Override
    void happen() {
      sneak(new Exception("mischief"));
    }
  },
  THROWS_WHAT_CANNOT_BE_SHOWN {
    @Override
    void happen() {
      throw new Unspeakable();
    }
  },
  INTERRUPTS_ITS_THREAD {
    @Override
    void happen() {
      Thread.currentThread().interrupt();
    }

    @Override
    boolean isThrown(Throwable t) {
      return t instanceof CallInterruptedException;
    }
  };

  abstract void happen();

  /** Whether a failure is this mischief's doing. */
  boolean isThrown(Throwable t) {
    return t instanceof Unspeakable || "mischief".equals(t.getMessage());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "DoNotCallSuggester"})
  static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /** Fails whoever wants to know what it is. */
  static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message for you");
    }
  }
}

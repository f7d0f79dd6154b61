package io.github.tcppool.internal.engine;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Test classes that are run together in a JVM of their own, up to the first failure. */
enum Suite {
  UNIT(
      AcquireTest.class,
      ClosingTest.class,
      DialingTest.class,
      HalvesTest.class,
      LifetimeTest.class,
      MembershipTest.class,
      NoEndpointTest.class,
      PickingTest.class,
      RotationTest.class,
      UpkeepTest.class,
      WaitingTest.class),
  RANDOM(RandomOperationsTest.class),
  STRESS(StressTest.class),
  INTERLEAVINGS(InterleavingsTest.class, LinearizabilityTest.class);

  static final int PASSED = 0;
  static final int FAILED = 7;
  private static final int NOTHING_RAN = 8;
  static final String MARK = "failed: ";

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes it so
  private final List<Class<?>> tests;

  Suite(Class<?>... tests) {
    this.tests = List.of(tests);
  }

  /** The argument is the name of a suite; the exit code says how it went. */
  public static void main(String[] args) {
    List<ClassSelector> selectors =
        valueOf(args[0]).tests.stream().map(test -> selectClass(test)).toList();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectors)
            .filters(TagFilter.excludeTags("slow"))
            .build();
    EndAtFailure listener = new EndAtFailure();
    LauncherFactory.create().execute(request, listener);
    System.exit(listener.ran ? PASSED : NOTHING_RAN);
  }

  private static final class EndAtFailure implements TestExecutionListener {
    private boolean ran;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      ran |= test.isTest();
      if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
        System.out.println(MARK + test.getDisplayName());
        result.getThrowable().ifPresent(t -> t.printStackTrace(System.out));
        System.out.flush();
        Runtime.getRuntime().halt(FAILED); // other threads may hang
      }
    }
  }
}

package io.github.tcppool.conformance;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Runs the test itself on a thread of the kind that it is about. */
final class OnItsThreads implements InvocationInterceptor {

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    Conformance test = (Conformance) context.getRequiredTestInstance();
    if (test.kind.threads() == Threads.PLATFORM) {
      invocation.proceed();
      return;
    }
    CompletableFuture<Void> result = new CompletableFuture<>();
    Thread thread =
        test.kind
            .threads()
            .newThread(
                () -> {
                  try {
                    result.complete(invocation.proceed());
                  } catch (Throwable t) {
                    result.completeExceptionally(t);
                  }
                });
    thread.start();
    try {
      result.get();
    } catch (ExecutionException e) {
      throw e.getCause();
    } catch (InterruptedException e) { // the time allowed is over
      thread.interrupt();
      throw e;
    }
  }
}

package io.github.tcppool.proof.faults;

import io.github.tcppool.proof.fleet.Namespace;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One network namespace for all tests of a class. */
final class OwnNamespace implements BeforeAllCallback, AfterAllCallback {

  private @Nullable Namespace made;

  Namespace namespace() {
    Namespace mine = made;
    if (mine == null) {
      throw new IllegalStateException("the namespace is there between the first and the last test");
    }
    return mine;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    made = Namespace.open();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    Namespace mine = made;
    if (mine != null) {
      mine.close();
    }
  }
}

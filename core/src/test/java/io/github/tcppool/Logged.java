package io.github.tcppool;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** What the library logs during a test, which is shown nowhere else meanwhile. */
public final class Logged implements BeforeEachCallback, AfterEachCallback {

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.tcppool");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Level from;

  /** From this level on. */
  public Logged(Level from) {
    this.from = from;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    log.start();
    logger.setLevel(from);
    logger.setAdditive(false);
    logger.addAppender(log);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logger.detachAppender(log);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  /** All of it so far. */
  public List<ILoggingEvent> all() {
    return List.copyOf(log.list);
  }

  /** The messages of one level so far. */
  public List<String> at(Level level) {
    return all().stream()
        .filter(line -> line.getLevel() == level)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}

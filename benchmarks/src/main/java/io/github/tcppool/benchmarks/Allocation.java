package io.github.tcppool.benchmarks;

import com.sun.management.ThreadMXBean;
import io.github.tcppool.benchmarks.Contender.Operation;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** How many bytes of heap an operation takes, by the JVM's count for the calling thread. */
final class Allocation {

  private Allocation() {}

  /** Bytes per operation in steady state: after as many operations as are then counted. */
  static double bytesPerOperation(Operation operation, int operations) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    repeat(operation, operations);
    long before = threads.getThreadAllocatedBytes(self);
    repeat(operation, operations);
    return (threads.getThreadAllocatedBytes(self) - before) / (double) operations;
  }

  private static void repeat(Operation operation, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      operation.perform();
    }
  }
}

package io.github.tcppool;

import org.junit.jupiter.api.Nested;

/** The contract of the pool, over every way to a connection. */
class PoolContractTest {

  @Nested
  class Send extends PoolContract {
    Send() {
      super(EntryPoint.SEND, Bench.Flavour.CLEAR);
    }
  }

  @Nested
  class Exchange extends PoolContract {
    Exchange() {
      super(EntryPoint.EXCHANGE, Bench.Flavour.CLEAR);
    }
  }

  @Nested
  class OwnConversation extends PoolContract {
    OwnConversation() {
      super(EntryPoint.CONVERSATION, Bench.Flavour.CLEAR);
    }
  }

  @Nested
  class Lease extends PoolContract {
    Lease() {
      super(EntryPoint.LEASE, Bench.Flavour.CLEAR);
    }
  }

  @Nested
  class AsSocket extends PoolContract {
    AsSocket() {
      super(EntryPoint.AS_SOCKET, Bench.Flavour.CLEAR);
    }
  }

  @Nested
  class FactorySocket extends PoolContract {
    FactorySocket() {
      super(EntryPoint.FACTORY_SOCKET, Bench.Flavour.CLEAR);
    }
  }
}

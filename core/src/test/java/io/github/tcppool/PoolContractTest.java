package io.github.tcppool;

import org.junit.jupiter.api.Nested;

/** The contract of the pool, over every way to a connection. */
class PoolContractTest {

  @Nested
  class Send extends PoolContract {
    Send() {
      super(EntryPoint.SEND);
    }
  }

  @Nested
  class Exchange extends PoolContract {
    Exchange() {
      super(EntryPoint.EXCHANGE);
    }
  }

  @Nested
  class OwnConversation extends PoolContract {
    OwnConversation() {
      super(EntryPoint.CONVERSATION);
    }
  }

  @Nested
  class Lease extends PoolContract {
    Lease() {
      super(EntryPoint.LEASE);
    }
  }

  @Nested
  class AsSocket extends PoolContract {
    AsSocket() {
      super(EntryPoint.AS_SOCKET);
    }
  }

  @Nested
  class FactorySocket extends PoolContract {
    FactorySocket() {
      super(EntryPoint.FACTORY_SOCKET);
    }
  }
}

package io.github.tcppool;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** As {@link PoolContractTest}, through TLS. */
class PoolContractOverTlsTest {

  @Nested
  class Send extends PoolContract {
    Send() {
      super(EntryPoint.SEND, Bench.Flavour.TLS);
    }
  }

  @Nested
  class Exchange extends PoolContract {
    Exchange() {
      super(EntryPoint.EXCHANGE, Bench.Flavour.TLS);
    }
  }

  @Nested
  @Tag("slow")
  class OwnConversation extends PoolContract {
    OwnConversation() {
      super(EntryPoint.CONVERSATION, Bench.Flavour.TLS);
    }
  }

  @Nested
  @Tag("slow")
  class Lease extends PoolContract {
    Lease() {
      super(EntryPoint.LEASE, Bench.Flavour.TLS);
    }
  }

  @Nested
  @Tag("slow")
  class AsSocket extends PoolContract {
    AsSocket() {
      super(EntryPoint.AS_SOCKET, Bench.Flavour.TLS);
    }
  }

  @Nested
  @Tag("slow")
  class FactorySocket extends PoolContract {
    FactorySocket() {
      super(EntryPoint.FACTORY_SOCKET, Bench.Flavour.TLS);
    }
  }
}

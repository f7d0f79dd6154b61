package io.github.tcppool;

import org.junit.jupiter.api.Nested;

/** What outages do to callers, over every way to a connection. */
class OutageContractTest {

  @Nested
  class Send extends OutageContract {
    Send() {
      super(EntryPoint.SEND, Bench.Flavour.CLEAR);
    }
  }

  @Nested
  class Exchange extends ReplyOutageContract {
    Exchange() {
      super(EntryPoint.EXCHANGE, Bench.Flavour.CLEAR);
    }
  }

  @Nested
  class OwnConversation extends ReplyOutageContract {
    OwnConversation() {
      super(EntryPoint.CONVERSATION, Bench.Flavour.CLEAR);
    }
  }

  @Nested
  class Lease extends ReplyOutageContract {
    Lease() {
      super(EntryPoint.LEASE, Bench.Flavour.CLEAR);
    }
  }

  @Nested
  class AsSocket extends OutageContract {
    AsSocket() {
      super(EntryPoint.AS_SOCKET, Bench.Flavour.CLEAR);
    }
  }

  @Nested
  class FactorySocket extends ReplyOutageContract {
    FactorySocket() {
      super(EntryPoint.FACTORY_SOCKET, Bench.Flavour.CLEAR);
    }
  }
}

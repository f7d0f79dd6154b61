package io.github.tcppool;

import org.junit.jupiter.api.Nested;

/** What outages do to callers, over every way to a connection. */
class OutageContractTest {

  @Nested
  class Send extends OutageContract {
    Send() {
      super(EntryPoint.SEND);
    }
  }

  @Nested
  class Exchange extends ReplyOutageContract {
    Exchange() {
      super(EntryPoint.EXCHANGE);
    }
  }

  @Nested
  class OwnConversation extends ReplyOutageContract {
    OwnConversation() {
      super(EntryPoint.CONVERSATION);
    }
  }

  @Nested
  class Lease extends ReplyOutageContract {
    Lease() {
      super(EntryPoint.LEASE);
    }
  }

  @Nested
  class AsSocket extends OutageContract {
    AsSocket() {
      super(EntryPoint.AS_SOCKET);
    }
  }

  @Nested
  class FactorySocket extends ReplyOutageContract {
    FactorySocket() {
      super(EntryPoint.FACTORY_SOCKET);
    }
  }
}

package io.github.tcppool;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** As {@link OutageContractTest}, through TLS. */
class OutageContractOverTlsTest {

  @Nested
  @Tag("slow")
  class Send extends OutageContract {
    Send() {
      super(EntryPoint.SEND, Bench.Flavour.TLS);
    }
  }

  @Nested
  class Exchange extends ReplyOutageContract {
    Exchange() {
      super(EntryPoint.EXCHANGE, Bench.Flavour.TLS);
    }
  }

  @Nested
  @Tag("slow")
  class OwnConversation extends ReplyOutageContract {
    OwnConversation() {
      super(EntryPoint.CONVERSATION, Bench.Flavour.TLS);
    }
  }

  @Nested
  @Tag("slow")
  class Lease extends ReplyOutageContract {
    Lease() {
      super(EntryPoint.LEASE, Bench.Flavour.TLS);
    }
  }

  @Nested
  @Tag("slow")
  class AsSocket extends OutageContract {
    AsSocket() {
      super(EntryPoint.AS_SOCKET, Bench.Flavour.TLS);
    }
  }

  @Nested
  @Tag("slow")
  class FactorySocket extends ReplyOutageContract {
    FactorySocket() {
      super(EntryPoint.FACTORY_SOCKET, Bench.Flavour.TLS);
    }
  }
}

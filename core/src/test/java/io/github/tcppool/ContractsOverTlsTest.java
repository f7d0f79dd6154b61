package io.github.tcppool;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * As {@link PoolContractTest} and {@link OutageContractTest}, through TLS: the commonest ways in
 * every build, the others in slow ones, as each connection costs both ends a handshake.
 */
class ContractsOverTlsTest {

  @Nested
  @ParameterizedClass
  @EnumSource(names = {"SEND", "EXCHANGE"})
  class Pool extends PoolContract {
    Pool(EntryPoint entry) {
      super(entry, Bench.Flavour.TLS);
    }
  }

  @Nested
  @Tag("slow")
  @ParameterizedClass
  @EnumSource(
      names = {"SEND", "EXCHANGE"},
      mode = EnumSource.Mode.EXCLUDE)
  class PoolByOtherWays extends PoolContract {
    PoolByOtherWays(EntryPoint entry) {
      super(entry, Bench.Flavour.TLS);
    }
  }

  @Nested
  @ParameterizedClass
  @EnumSource(names = "EXCHANGE")
  class Outage extends ReplyOutageContract {
    Outage(EntryPoint entry) {
      super(entry, Bench.Flavour.TLS);
    }
  }

  @Nested
  @Tag("slow")
  @ParameterizedClass
  @EnumSource(names = {"CONVERSATION", "LEASE", "FACTORY_SOCKET"})
  class OutageByOtherWays extends ReplyOutageContract {
    OutageByOtherWays(EntryPoint entry) {
      super(entry, Bench.Flavour.TLS);
    }
  }

  @Nested
  @Tag("slow")
  @ParameterizedClass
  @EnumSource(names = {"SEND", "AS_SOCKET"})
  class OutageWithoutReplies extends OutageContract {
    OutageWithoutReplies(EntryPoint entry) {
      super(entry, Bench.Flavour.TLS);
    }
  }
}

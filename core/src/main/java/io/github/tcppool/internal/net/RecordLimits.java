package io.github.tcppool.internal.net;

import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** What the records of a peer may cost the reader of a connection; for that reader. */
final class RecordLimits {

  /**
   * Records in a row that may hold nothing to read. Each costs us new keys, if it is a key update,
   * and no honest peer sends more than a few.
   */
  private static final int EMPTY_RECORDS = 100;

  /** Records opened that held nothing, since the last one that did. */
  private int emptyRecords;

  /** Counts one more. */
  void count(SSLEngineResult opened) throws SSLException {
    if (opened.bytesProduced() > 0) {
      emptyRecords = 0;
    } else if (opened.bytesConsumed() > 0) {
      emptyRecords++;
      if (emptyRecords > EMPTY_RECORDS) {
        throw new SSLException(
            "peer sent more than " + EMPTY_RECORDS + " TLS records in a row that hold nothing");
      }
    }
  }

  /** For one that does not fit into the room of any record. */
  static SSLException tooLarge() {
    return new SSLException("TLS record is larger than the protocol allows");
  }
}

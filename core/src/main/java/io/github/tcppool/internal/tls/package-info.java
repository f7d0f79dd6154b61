/** What the two ends of a TLS connection show and believe: files, contexts, names, verdicts. */
@NullMarked
package io.github.tcppool.internal.tls;

import org.jspecify.annotations.NullMarked;

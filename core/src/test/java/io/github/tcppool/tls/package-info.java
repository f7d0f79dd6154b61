/** TLS of the pool, with certificates that are made for each run. */
package io.github.tcppool.tls;

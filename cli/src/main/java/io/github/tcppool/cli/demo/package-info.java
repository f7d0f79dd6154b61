/** The demonstration: three servers, one pool, four outages, and an account of every message. */
@NullMarked
package io.github.tcppool.cli.demo;

import org.jspecify.annotations.NullMarked;

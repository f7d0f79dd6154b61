/** A small server for trying things. */
@NullMarked
package io.github.tcppool.cli.serve;

import org.jspecify.annotations.NullMarked;

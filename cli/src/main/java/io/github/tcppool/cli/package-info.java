/** The command line tool: one class per command, and the arguments they share. */
@NullMarked
package io.github.tcppool.cli;

import org.jspecify.annotations.NullMarked;

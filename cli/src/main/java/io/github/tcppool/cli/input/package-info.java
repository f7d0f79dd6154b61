/** The way of standard input through a command: cut into messages, queued, worked off. */
@NullMarked
package io.github.tcppool.cli.input;

import org.jspecify.annotations.NullMarked;

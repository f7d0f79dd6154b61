/** What a command has to do with the person in front of it: streams, signals, words and figures. */
@NullMarked
package io.github.tcppool.cli.terminal;

import org.jspecify.annotations.NullMarked;

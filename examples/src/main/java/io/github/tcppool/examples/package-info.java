/**
 * Every snippet of README and guide as a class that runs by itself, against a peer that it starts.
 */
@NullMarked
package io.github.tcppool.examples;

import org.jspecify.annotations.NullMarked;

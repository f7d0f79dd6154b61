/** Tests of what the memory model allows, for the lock-free words of the engine. */
@NullMarked
package io.github.tcppool.proof;

import org.jspecify.annotations.NullMarked;

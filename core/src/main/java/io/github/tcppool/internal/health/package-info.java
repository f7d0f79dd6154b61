/** Rules of health as small functions of figures and time; the engine calls them. */
@NullMarked
package io.github.tcppool.internal.health;

import org.jspecify.annotations.NullMarked;

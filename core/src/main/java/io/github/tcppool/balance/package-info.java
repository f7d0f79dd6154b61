/** Which endpoint serves the next call: one small class per strategy, open to users. */
@NullMarked
package io.github.tcppool.balance;

import org.jspecify.annotations.NullMarked;

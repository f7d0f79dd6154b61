/**
 * Callers, endpoints and a balancer on a clock that is only a number: what the figures of the
 * balancers are tested against, and what the plots of the guide are drawn from.
 */
package io.github.tcppool.balance.simulation;

package io.github.tcppool;

/**
 * How an {@link Outbox} stands at one moment. Always {@code accepted = sent + failed + dropped +
 * queued}.
 *
 * @param name the outbox's name
 * @param closed whether it refuses messages for good
 * @param accepted messages taken in so far
 * @param sent messages whose bytes the kernel has taken
 * @param failed messages given up: torn, too old, or left when the outbox closed
 * @param dropped messages that gave way because there was no room
 * @param queued messages waiting or being written
 * @param queuedBytes their bytes, without what the framing adds
 * @param refused messages that were offered in vain and never accepted
 * @param resent torn messages that were sent again
 * @param batches writes made; {@code sent / batches} is how many messages shared one
 */
public record OutboxSnapshot(
    String name,
    boolean closed,
    long accepted,
    long sent,
    long failed,
    long dropped,
    int queued,
    long queuedBytes,
    long refused,
    long resent,
    long batches) {}

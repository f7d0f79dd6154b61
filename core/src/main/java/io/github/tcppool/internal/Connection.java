package io.github.tcppool.internal;

import io.github.tcppool.CloseReason;
import io.github.tcppool.Endpoint;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.internal.engine.Use;
import io.github.tcppool.internal.net.ChannelSocket;
import io.github.tcppool.internal.net.Lookout;
import io.github.tcppool.internal.net.Probe;
import io.github.tcppool.internal.net.TcpChannel;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the pool: a socket, the decoder of what it reads, and the checks before each
 * use.
 *
 * <p>Fields are touched by whoever owns the half they belong to; the figures may be read by anyone
 * and are then approximate.
 */
final class Connection extends Leasable {

  /**
   * A check is good for this long. A FIN that is on its way cannot be seen by any check, and even
   * on loopback it is on its way for about 5 µs; so within 10 µs a second look would catch what a
   * look can catch only by luck, and it costs as much as a fifth of a write.
   */
  static final long CHECK_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

  /** Messages that follow each other within this time are worth a post in the lookout. */
  private static final long HURRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** After so many of them. */
  private static final int HURRIED = 16;

  private final Endpoint endpoint;
  private final ChannelSocket socket;
  private final TcpChannel channel;
  private final InboundPolicy policy;

  /** For the owner of the reading half. */
  private final FrameReader frames;

  /** For owners. */
  private long checkedNanos;

  private Use lastUse = Use.CALL;
  private long messages;

  /** When it was last claimed for a call. */
  private long claimedNanos;

  /** What {@link #bytesWritten} comes to when the message under way is written; 0 between two. */
  private volatile long writtenWhenDone;

  /**
   * Whether the receiver does not watch it: it is new, or the receiver found it owned. Then it is
   * shown to the receiver when it is free.
   */
  volatile boolean muted = true;

  /** Whether it stands in the line of those that the receiver's leader is to look at. */
  final AtomicBoolean queued = new AtomicBoolean();

  /** Whether it is about to be closed, so that no receiver needs to look at it. */
  volatile boolean forgotten;

  /** What it has in the receiver's line. */
  final InboundLine.Share share = new InboundLine.Share();

  private final Lookout lookout;

  /** Its place in the lookout as long as it is busy sending. Set by owners. */
  private volatile Lookout.@Nullable Post post;

  /** Messages one soon after the other, each of which cost a look of its own. For owners. */
  private int hurried;

  Connection(
      Endpoint endpoint,
      ChannelSocket socket,
      Framing framing,
      InboundPolicy policy,
      Lookout lookout) {
    this.endpoint = endpoint;
    this.socket = socket;
    this.channel = socket.channel();
    this.policy = policy;
    this.lookout = lookout;
    frames = new FrameReader(framing);
    channel.expectFrames(FrameReader.mostBytes(framing));
    checkedNanos = System.nanoTime() - CHECK_NANOS;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  ChannelSocket socket() {
    return socket;
  }

  TcpChannel channel() {
    return channel;
  }

  // ---- fitness ----

  @Override
  public @Nullable CloseReason unfit(long now, Use use) {
    if (use == Use.SEND_BESIDE_RECEIVER) {
      return unfitBesideReceiver(now);
    }
    boolean recent =
        now - checkedNanos < CHECK_NANOS || (use == Use.SEND && isSeenFromLookout(now));
    if (!recent || channel.inbound().hasRemaining()) {
      prepareToLook(now, use);
      checkedNanos = now;
      CloseReason reason = look(use == Use.UPKEEP && isInboundKept() ? Use.SEND : use);
      if (reason != null) {
        keepInbound();
        return reason;
      }
      if (use == Use.UPKEEP && channel.inbound().hasRemaining()) {
        policy.arrived(this); // nothing is left in the kernel that would tell the receiver
      }
    }
    if (use == Use.CALL && !channel.canWaitForPeer()) {
      return CloseReason.NO_DESCRIPTOR; // while nothing is written yet, and its own are set free
    }
    if (use != Use.UPKEEP) {
      lastUse = use;
      claimedNanos = now;
      messages++;
    }
    return null;
  }

  private boolean isSeenFromLookout(long now) {
    Lookout.Post mine = post;
    return mine != null && lookout.isQuiet(mine, now);
  }

  /** A connection that is about to look for itself too often gets a post in the lookout. */
  private void prepareToLook(long now, Use use) {
    Lookout.Post mine = post;
    if (mine != null) {
      mine.calm();
    } else if (use == Use.SEND) {
      hurried = now - checkedNanos < HURRY_NANOS ? hurried + 1 : 0;
      if (hurried >= HURRIED) {
        hurried = 0;
        post = lookout.post(channel);
      }
    }
  }

  /** Takes it out of the lookout. From any thread. */
  void leaveLookout() {
    Lookout.Post mine = post;
    if (mine != null) {
      lookout.leave(mine);
      post = null;
    }
  }

  /**
   * The reading half may be the receiver's at this moment: then it sees the end of the stream, and
   * this look is not needed.
   */
  private @Nullable CloseReason unfitBesideReceiver(long now) {
    CloseReason reason = null;
    if (now - checkedNanos >= CHECK_NANOS && claimRead()) {
      checkedNanos = now;
      Probe seen = channel.probe();
      while (seen == Probe.DATA && channel.inbound().remaining() <= policy.maxBytes()) {
        seen = channel.readMore(); // the end of the stream may be behind the bytes
      }
      reason = seen == Probe.QUIET || seen == Probe.DATA ? null : reasonFor(seen);
      boolean unread = channel.inbound().hasRemaining();
      if (unread && reason != null) {
        policy.keep(this);
      }
      boolean unused = dropReadHalf(); // the writing half is ours, so it never is the last one
      if (unread && reason == null) {
        policy.arrived(this);
      } else {
        freed();
      }
    }
    if (reason == null) {
      lastUse = Use.SEND;
      claimedNanos = now;
      messages++;
    }
    return reason;
  }

  /**
   * Reads what has arrived, to see whether the end of the stream is behind it. A peer that sends
   * faster than this reads cannot hold it for ever: after as many bytes as may be kept, it stops.
   */
  private @Nullable CloseReason look(Use use) {
    long end = channel.bytesRead() + policy.maxBytes();
    Probe seen = channel.probe();
    while (seen == Probe.DATA) {
      ByteBuffer inbound = channel.inbound();
      boolean much = channel.bytesRead() > end;
      if (policy.ignores()) {
        inbound.position(inbound.limit());
        if (much) {
          return null;
        }
      } else if (use != Use.SEND) {
        if (messages == 0) {
          return null; // the peer's greeting, which belongs to the first caller
        }
        keepInbound();
        if (much || channel.inbound().hasRemaining()) {
          return CloseReason.UNREAD_BYTES;
        }
      } else if (inbound.remaining() > policy.maxBytes()) {
        return CloseReason.INBOUND_FULL;
      }
      seen = channel.readMore();
    }
    return seen == Probe.QUIET ? null : reasonFor(seen);
  }

  private static CloseReason reasonFor(Probe seen) {
    return seen == Probe.END ? CloseReason.PEER_CLOSED : CloseReason.PEER_RESET;
  }

  private void keepInbound() {
    if (isInboundKept() && channel.inbound().hasRemaining()) {
      policy.keep(this);
    }
  }

  /** What arrives behind a dialogue belongs to nobody, unless somebody receives. */
  private boolean isInboundKept() {
    return lastUse != Use.CALL || policy.isReceiving();
  }

  // ---- use ----

  /** Writes one message whole, or throws; {@link #bytesWritten()} tells how far it got. */
  void write(Framing around, byte[] message, int offset, int length, long deadlineNanos)
      throws IOException {
    writtenWhenDone = channel.written() + length;
    try {
      channel.writeFrame(around, message, offset, length, deadlineNanos);
    } finally {
      writtenWhenDone = 0;
    }
  }

  /** Writes what goes without waiting, or all of it where {@code mayWait}; true if all is gone. */
  boolean write(ByteBuffer frames, boolean mayWait, long deadlineNanos) throws IOException {
    writtenWhenDone =
        channel.written() + frames.remaining(); // may be left there, to be gone on with
    return channel.write(frames, mayWait, deadlineNanos);
  }

  /** Counts messages that went out in the same use as another one. */
  void servedMore(int more) {
    messages += more;
  }

  /**
   * Reads the payload of the reply to what has just been written. It waits first, as a reply takes
   * longer than the way from the write to here: a read at once would be a system call for nothing.
   */
  byte[] readReply(long deadlineNanos) throws IOException {
    byte[] frame = nextFrame();
    while (frame == null) {
      channel.awaitInput(deadlineNanos);
      if (!channel.fill(deadlineNanos)) {
        int rest = channel.inbound().remaining();
        String how = channel.isCutShort() ? ", without close_notify" : "";
        if (rest > 0) {
          throw new FrameException(
              "stream ended within a frame, after " + rest + " bytes of it" + how);
        }
        throw new EOFException("stream ended before the reply" + how);
      }
      frame = nextFrame();
    }
    return frame;
  }

  /**
   * The payload of the next frame among the bytes read already, or null. For the owner of the
   * reading half.
   */
  byte @Nullable [] nextFrame() throws FrameException {
    return frames.next(channel.inbound());
  }

  boolean hasUnread() {
    return channel.hasUnread();
  }

  /** When the lease began, give or take the time for which a check is good. */
  long leasedNanos() {
    return checkedNanos;
  }

  /** When it was claimed for the call under way. For its owner. */
  @Override
  public long claimedNanos() {
    return claimedNanos;
  }

  // ---- the engine's questions ----

  @Override
  public boolean mayBeAsked() {
    return !policy.isReceiving() && !hasUnread();
  }

  @Override
  public void watch(long now) {
    channel.remind(now);
    lookAtLease(this, now);
  }

  @Override
  public void freed() {
    if (muted) {
      policy.unmute(this);
    }
  }

  @Override
  public void relax(long now) {
    leaveLookout();
    channel.relax();
  }

  @Override
  public long pendingBytes() {
    return Math.max(0, writtenWhenDone - channel.written());
  }

  @Override
  public long messages() {
    return messages;
  }

  @Override
  public long bytesWritten() {
    return channel.written();
  }

  @Override
  public long bytesRead() {
    return channel.bytesRead();
  }

  @Override
  public @Nullable IOException refusal() {
    return isProven() ? null : channel.tls().refusal();
  }

  @Override
  public String toString() {
    return "connection " + id() + " to " + endpoint;
  }
}

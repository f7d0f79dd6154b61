package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ExamplesTest {

  private interface Example {
    void run(String[] args) throws IOException, InterruptedException;
  }

  @Test
  void the_quick_start_gets_its_replies() throws IOException {
    assertThat(outputOf(QuickStart::main)).containsSubsequence("PONG", "PONG");
  }

  @Test
  void the_shipper_ships_all_lines() throws IOException {
    assertThat(outputOf(SendLines::main)).contains("9 lines arrived");
  }

  @Test
  void readings_wait_for_the_sink_to_come_back() throws IOException {
    assertThat(outputOf(ShipMetrics::main)).contains("flushed: true, 1000 sent");
  }

  @Test
  void a_query_is_repeated_and_an_order_is_not() throws IOException {
    assertThat(outputOf(AskAndRetry::main))
        .containsSubsequence("unknown whether it was done: UNKNOWN", "price?");
  }

  @Test
  void endpoints_are_followed_from_one_to_the_next() throws IOException {
    assertThat(outputOf(FollowEndpoints::main))
        .contains("left: GRACE_OVER", "true, 2 joined, 1 left", "registered");
  }

  @Test
  void a_conversation_reads_up_to_the_dot() throws IOException {
    assertThat(outputOf(ReadUntilDot::main)).contains("[one, two, three]");
  }

  @Test
  void messages_come_back_in_framings_of_ones_own() throws IOException {
    assertThat(outputOf(FrameMessages::main))
        .containsSubsequence("a length in front", "marks around it", "four digits in front");
  }

  @Test
  void the_login_comes_before_the_first_use() throws IOException {
    assertThat(outputOf(LoginFirst::main)).isEqualToIgnoringNewLines("hello");
  }

  @Test
  void lines_go_through_tls() throws IOException {
    assertThat(outputOf(SecureLines::main))
        .containsSubsequence("hello", "hello again", "secured: true");
  }

  @Test
  void every_pushed_line_is_received() throws IOException {
    assertThat(outputOf(ReceiveFromAll::main)).contains("a1", "a2", "b1", "b2", "4 frames");
  }

  @Test
  void sockets_drop_in() throws IOException {
    assertThat(outputOf(DropIn::main)).containsSubsequence("Hello!", "hello", "hello", "hello");
  }

  @Test
  void a_pool_is_watched_and_tuned() throws IOException {
    assertThat(outputOf(WatchAndTune::main)).contains("closed cleanly").contains("EVICTED");
  }

  @Test
  void calls_are_spread_by_weight_by_key_and_by_a_rule() throws IOException {
    assertThat(outputOf(ChooseBalancer::main))
        .contains("by weight: [30, 10]", "nearest: [0, 40]", "round trip")
        .containsPattern("by key: \\[(40, 0|0, 40)]");
  }

  @Test
  void a_server_that_breaks_connections_is_left_alone() throws IOException {
    assertThat(outputOf(WatchHealth::main))
        .contains("EJECTED: 3 calls in a row failed")
        .contains("UP: nothing is known against it");
  }

  @Test
  void a_server_that_answers_no_pings_is_found_without_a_call() throws IOException {
    assertThat(outputOf(AskServers::main))
        .contains("FAILING: checks fail: ")
        .contains("UP: nothing is known against it");
  }

  private static String outputOf(Example example) throws IOException {
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(captured, true, UTF_8));
    try {
      example.run(new String[0]);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      System.setOut(before);
    }
    return captured.toString(UTF_8);
  }
}

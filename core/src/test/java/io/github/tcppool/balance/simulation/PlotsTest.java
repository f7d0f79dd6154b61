package io.github.tcppool.balance.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Draws the plots of the guide, and writes them there with {@code -Dplots.write=true}. */
class PlotsTest {

  private static final Path GUIDE = Path.of("..", "docs", "guide");

  static Iterable<Scenario> scenarios() {
    return Scenario.all();
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("scenarios")
  void everyBalancerHasItsPlotInTheGuide(Scenario scenario) throws Exception {
    scenario.play();
    String svg = Plot.of(scenario);
    Path file = GUIDE.resolve("plots").resolve(scenario.file + ".svg");
    if (Boolean.getBoolean("plots.write")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, svg);
    }

    assertThat(shape(svg)).as("server by server").isEqualTo(scenario.names().size());
    assertThat(shape(Files.readString(file))).isEqualTo(shape(svg));
    assertThat(Files.readString(GUIDE.resolve("choosing-a-balancer.md"), UTF_8))
        .contains("(plots/" + scenario.file + ".svg)");
  }

  /** How many areas are drawn; throws if it is no XML. */
  private static int shape(String svg) throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    NodeList areas = document.getElementsByTagName("polygon");
    return areas.getLength();
  }
}

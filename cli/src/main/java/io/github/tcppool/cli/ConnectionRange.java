package io.github.tcppool.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How many connections a pool may have per endpoint.
 *
 * @param min how many are kept open
 * @param max how many there may be
 */
record ConnectionRange(int min, int max) {

  /** Reads {@code 2:10}, or {@code 4} for exactly four. */
  static final class Converter implements ITypeConverter<ConnectionRange> {
    private static final Pattern FORM = Pattern.compile("(?:(\\d{1,6}):)?(\\d{1,6})");

    @Override
    public ConnectionRange convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException(
            "connections must be a number or MIN:MAX, but was \"" + text + "\"");
      }
      int max = Integer.parseInt(form.group(2));
      int min = form.group(1) == null ? max : Integer.parseInt(form.group(1));
      return new ConnectionRange(min, max);
    }
  }
}

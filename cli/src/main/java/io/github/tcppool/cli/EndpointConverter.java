package io.github.tcppool.cli;

import io.github.tcppool.Endpoint;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code host:port} or {@code [ipv6]:port}. */
final class EndpointConverter implements ITypeConverter<Endpoint> {
  @Override
  public Endpoint convert(String text) {
    try {
      return Endpoint.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}

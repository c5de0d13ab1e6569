package dev.tahini.rpc.examples.demo;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where the list of servers is to be kept. */
final class ListPlaceConverter implements ITypeConverter<ListPlace> {
  @Override
  public ListPlace convert(String value) {
    return switch (value) {
      case "demo" -> ListPlace.DEMO;
      case "dns" -> ListPlace.DNS;
      default -> throw new TypeConversionException(value + " (expected: demo or dns)");
    };
  }
}

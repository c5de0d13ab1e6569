package dev.tahini.rpc.examples.demo;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads whole seconds, up to an hour. */
final class SecondsConverter implements ITypeConverter<Duration> {
  private static final Pattern UP_TO_AN_HOUR =
      Pattern.compile("[1-9][0-9]{0,2}|[1-2][0-9]{3}|3[0-5][0-9]{2}|3600");

  @Override
  public Duration convert(String value) {
    if (!UP_TO_AN_HOUR.matcher(value).matches()) {
      throw new TypeConversionException(value + " (expected: whole seconds, 1 to 3600)");
    }
    return Duration.ofSeconds(Long.parseLong(value));
  }
}

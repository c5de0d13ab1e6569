package dev.tahini.rpc.examples.demo;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a target, and says what is wrong with it. */
final class TargetConverter implements ITypeConverter<Target> {
  @Override
  public Target convert(String value) {
    try {
      return Target.parse(value);
    } catch (InvalidValueException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}

package dev.tahini.rpc.testing.lab;

import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.random.RandomGeneratorFactory;

/** All chance of a simulation comes from one seed; whoever needs some splits it off. */
final class Chance {
  private static final String ALGORITHM = "SplittableRandom";

  private Chance() {}

  static SplittableGenerator of(long seed) {
    return RandomGeneratorFactory.<SplittableGenerator>of(ALGORITHM).create(seed);
  }
}

package dev.tahini.rpc.debug.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "999 | 999",
        "1000 | 1,000",
        "123456 | 123,456",
        "9223372036854775807 | 9,223,372,036,854,775,807",
      })
  void countsHaveCommas(long count, String text) {
    assertEquals(text, Words.count(count));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | –",
        "1 | 0.00 ms",
        "8192 | 0.01 ms",
        "1050000 | 1.05 ms",
        "9990000 | 9.99 ms",
        "10400000 | 10 ms",
        "999000000 | 999 ms",
        "1000000000 | 1.0 s",
        "136960000000 | 137.0 s",
      })
  void latenciesHaveTheirUnit(long nanos, String text) {
    assertEquals(text, Words.latency(nanos));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0 | 0", "12.5 | 12.5", "0.04 | 0.0", "1234.56 | 1,234.6", "Infinity | unlimited"})
  void figuresHaveOnePlace(double value, String text) {
    assertEquals(text, Words.figure(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"| –", "0 | 0.0 %", "0.3333 | 33.3 %", "1 | 100.0 %"})
  void partsAreInPercent(Double part, String text) {
    assertEquals(text, Words.part(part));
  }
}

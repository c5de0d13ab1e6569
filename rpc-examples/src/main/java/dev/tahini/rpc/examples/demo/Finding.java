package dev.tahini.rpc.examples.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * What a scene has shown. Immutable.
 *
 * @param sentences in words, with the figures that were measured
 * @param losses what should not have happened; empty if all is well
 */
record Finding(List<String> sentences, List<String> losses) {

  Finding {
    sentences = List.copyOf(sentences);
    losses = List.copyOf(losses);
  }

  /** Gathers what is found. Confined to one thread. */
  static final class Notes {
    private final List<String> sentences = new ArrayList<>();
    private final List<String> losses = new ArrayList<>();

    Notes say(String sentence) {
      sentences.add(sentence);
      return this;
    }

    /** Notes a loss unless something holds. */
    Notes expect(boolean holds, String loss) {
      if (!holds) {
        losses.add(loss);
      }
      return this;
    }

    Finding done() {
      return new Finding(sentences, losses);
    }
  }
}

package dev.tahini.rpc.apiserver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What labels must be equal, or unequal, to. Immutable. */
record LabelSelector(List<Term> terms) {
  private static final Pattern TERM =
      Pattern.compile("\\s*([^\\s=!,()]+)\\s*(=|==|!=)\\s*([^\\s=!,()]*)\\s*");

  record Term(String key, boolean isEqual, String value) {
    boolean matches(Map<String, String> labels) {
      return value.equals(labels.get(key)) == isEqual;
    }
  }

  static LabelSelector parse(String text) throws Refusal {
    List<Term> terms = new ArrayList<>();
    if (!text.isBlank()) {
      for (String part : text.split(",", -1)) {
        Matcher matcher = TERM.matcher(part);
        if (!matcher.matches()) {
          throw new Refusal(
              ApiStatus.badRequest(
                  "unable to parse requirement: " + text + " (expected: equality only)"));
        }
        terms.add(new Term(matcher.group(1), !matcher.group(2).equals("!="), matcher.group(3)));
      }
    }
    return new LabelSelector(List.copyOf(terms));
  }

  boolean isEmpty() {
    return terms.isEmpty();
  }

  boolean matches(Map<String, String> labels) {
    return terms.stream().allMatch(term -> term.matches(labels));
  }

  /** Whether slices of this service can match. */
  boolean allowsService(String service) {
    Map<String, String> labels = Map.of(FakeSlice.SERVICE_NAME, service);
    return terms.stream()
        .filter(term -> term.key().equals(FakeSlice.SERVICE_NAME))
        .allMatch(term -> term.matches(labels));
  }
}

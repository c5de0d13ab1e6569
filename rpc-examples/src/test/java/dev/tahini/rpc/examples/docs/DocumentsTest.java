package dev.tahini.rpc.examples.docs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final Path HERE = Path.of("src/test/java/dev/tahini/rpc/examples/docs");
  private static final List<String> SNIPPETS = List.of("Snippets.java", "TestingGuideTest.java");

  @Test
  void everyJavaSnippetOfTheDocumentsCompiles() throws IOException {
    String compiled = compiled();
    List<String> snippets = javaSnippets();
    assertFalse(snippets.isEmpty(), "no snippet found: are the documents where they were?");
    for (String snippet : snippets) {
      assertTrue(compiled.contains(snippet), () -> "not in " + SNIPPETS + ":\n" + snippet);
    }
  }

  private static String compiled() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String file : SNIPPETS) {
      all.append(squeezed(Files.readAllLines(HERE.resolve(file))));
    }
    return all.toString();
  }

  private static List<String> javaSnippets() throws IOException {
    List<String> snippets = new ArrayList<>();
    for (Path document : documents()) {
      List<String> inside = null;
      for (String line : Files.readAllLines(document)) {
        if (line.startsWith("```java")) {
          inside = new ArrayList<>();
        } else if (inside != null && line.startsWith("```")) {
          snippets.add(squeezed(inside));
          inside = null;
        } else if (inside != null) {
          inside.add(line);
        }
      }
    }
    return snippets;
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs).filter(p -> p.toString().endsWith(".md")).toList();
    }
  }

  /** Without white space: where a line is broken does not count. */
  private static String squeezed(List<String> lines) {
    return String.join("", lines).replaceAll("\\s", "");
  }
}

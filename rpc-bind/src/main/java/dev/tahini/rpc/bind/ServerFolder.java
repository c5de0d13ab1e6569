package dev.tahini.rpc.bind;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The temporary folder of one server. Its files are written by the server's thread and named. */
record ServerFolder(Path path) {

  static ServerFolder create() {
    try {
      return new ServerFolder(Files.createTempDirectory("tahini-bind").toRealPath());
    } catch (IOException e) {
      throw new IllegalStateException("temporary folder: " + e, e);
    }
  }

  Path file(String name) {
    return path.resolve(name);
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(file(name), text);
    } catch (IOException e) {
      throw new IllegalStateException(name + ": " + e, e);
    }
  }

  /** A file's text, empty if there is none; what is no ASCII may be garbled. */
  String read(String name) {
    try {
      return Files.readString(file(name), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new IllegalStateException(name + ": " + e, e);
    }
  }

  void remove(String name) {
    try {
      Files.deleteIfExists(file(name));
    } catch (IOException e) {
      throw new IllegalStateException(name + ": " + e, e);
    }
  }

  /** Deletes it with all that is in it. Idempotent. */
  void delete() {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalStateException(path + ": " + e, e);
    }
  }
}

package dev.tahini.rpc.bind;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs of BIND, where they are.
 *
 * @param checkconf says which options {@code named} knows; where it is missing, none are asked for
 */
record Programs(Path named, Path nsupdate, Optional<Path> checkconf) {

  /** The folders of PATH, and those where Debian has them: PATH of a plain user lacks sbin. */
  static List<Path> installedIn() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(
            Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/sbin", "/usr/bin"))
        .filter(folder -> !folder.isBlank())
        .map(Path::of)
        .toList();
  }

  /** One line that says what to install; empty if nothing is missing. */
  static Optional<String> missing(List<Path> folders) {
    return Stream.of("named", "nsupdate")
        .filter(name -> find(name, folders).isEmpty())
        .findFirst()
        .map(name -> name + ": not found (expected: Debian's bind9 and bind9-dnsutils)");
  }

  /**
   * Finds them.
   *
   * @throws IllegalStateException if one is missing
   */
  static Programs in(List<Path> folders) {
    Optional<Path> named = find("named", folders);
    Optional<Path> nsupdate = find("nsupdate", folders);
    if (named.isEmpty() || nsupdate.isEmpty()) {
      throw new IllegalStateException(missing(folders).orElse("named: not found"));
    }
    return new Programs(named.get(), nsupdate.get(), find("named-checkconf", folders));
  }

  private static Optional<Path> find(String name, List<Path> folders) {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .findFirst();
  }
}

package dev.tahini.rpc.benchmarks.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.tahini.rpc.InvalidValueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A run as a file keeps it.
 *
 * @param command what was run
 * @param conditions under which: the machine and its load
 * @param figures what was measured
 */
public record SavedRun(String command, Conditions conditions, List<Figure> figures) {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** Writes it, and the folders above it. */
  public void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, GSON.toJson(this));
  }

  /**
   * Reads it.
   *
   * @throws InvalidValueException naming the file if there is none, or it is another kind of file
   */
  public static SavedRun read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidValueException("file", file, "a file that ./bench wrote");
    }
    try {
      SavedRun read = GSON.fromJson(Files.readString(file), SavedRun.class);
      if (read != null && read.command != null && read.conditions != null && read.figures != null) {
        return read;
      }
    } catch (JsonParseException e) {
      // As bad as one without figures.
    }
    throw new InvalidValueException("file", file, "a file that ./bench wrote");
  }
}

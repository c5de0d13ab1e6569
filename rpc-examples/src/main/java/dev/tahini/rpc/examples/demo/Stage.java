package dev.tahini.rpc.examples.demo;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Lets time pass while the table is shown. Confined to one thread. */
final class Stage {
  private static final Duration STEP = Duration.ofMillis(50);

  private final Display display;
  private final Frames frames;
  private String title = "";
  private long nextFrameNanos = System.nanoTime();

  Stage(Display display, Frames frames) {
    this.display = display;
    this.frames = frames;
  }

  /** What the table is headed with from now on, and said once. */
  void open(String title, String happening) {
    this.title = title;
    display.say("");
    display.say(title + ": " + happening);
  }

  void say(String line) {
    display.say("  " + line);
  }

  /** Shows the table for a time. */
  void play(Duration length) throws InterruptedException {
    long end = System.nanoTime() + length.toNanos();
    playUntil(() -> System.nanoTime() - end >= 0);
    show();
  }

  /** Shows the table until something is done; rethrows why it failed. */
  <T> T playUntil(CompletableFuture<T> done) throws InterruptedException {
    playUntil(done::isDone);
    return done.join();
  }

  /** Shows the table until something is so, but no longer than that; returns whether it is. */
  boolean playUntil(BooleanSupplier done, Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    playUntil(() -> done.getAsBoolean() || System.nanoTime() - end >= 0);
    return done.getAsBoolean();
  }

  private void playUntil(BooleanSupplier done) throws InterruptedException {
    while (!done.getAsBoolean()) {
      if (System.nanoTime() - nextFrameNanos >= 0) {
        show();
      }
      Thread.sleep(STEP.toMillis());
    }
  }

  private void show() {
    display.show(frames.next(title));
    nextFrameNanos = System.nanoTime() + display.pace().toNanos();
  }
}

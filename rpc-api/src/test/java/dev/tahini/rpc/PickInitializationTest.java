package dev.tahini.rpc;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.grpc.CallOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pick and its kinds refer to each other: whichever is touched first must find the rest. */
class PickInitializationTest {
  private static final List<String> CLASSES =
      List.of(
          "Pick", "Pick$LeastLoaded", "Pick$Shard", "Pick$Random", "Pick$Address", "Pick$Named");
  private static final int ROUNDS = 5;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Pick",
        "Pick$LeastLoaded",
        "Pick$Shard",
        "Pick$Random",
        "Pick$Address",
        "Pick$Named"
      })
  void defaultIsThereWhicheverPickIsTouchedFirst(String first) throws Exception {
    ClassLoader fresh = new FreshClassLoader();

    initialize(fresh, first);

    Class<?> leastLoaded = initialize(fresh, "Pick$LeastLoaded");
    CallOptions.Key<?> option =
        (CallOptions.Key<?>) initialize(fresh, "Pick").getField("OPTION").get(null);
    assertSame(
        leastLoaded.getField("INSTANCE").get(null),
        CallOptions.DEFAULT.getOption(requireNonNull(option)));
  }

  @Test
  void attemptsOfNoRetryAreTheDefault() throws Exception {
    Class<?> attempts = initialize(new FreshClassLoader(), "Attempts");

    CallOptions.Key<?> option = (CallOptions.Key<?>) attempts.getField("OPTION").get(null);
    assertSame(
        attempts.getField("NONE").get(null), CallOptions.DEFAULT.getOption(requireNonNull(option)));
  }

  @Test
  void picksTouchedFirstByTwoThreadsAtOnceDoNotDeadlock() throws Exception {
    for (String one : CLASSES) {
      for (String other : CLASSES) {
        for (int round = 0; round < (one.equals(other) ? 0 : ROUNDS); round++) {
          initializeAtOnce(one, other);
        }
      }
    }
  }

  private static void initializeAtOnce(String one, String other) throws Exception {
    ClassLoader fresh = new FreshClassLoader();
    for (String name : CLASSES) {
      Class.forName("dev.tahini.rpc." + name, false, fresh);
    }
    CyclicBarrier together = new CyclicBarrier(2);
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (String name : List.of(one, other)) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  together.await(10, TimeUnit.SECONDS);
                  initialize(fresh, name);
                } catch (Exception | LinkageError e) {
                  failures.add(e);
                }
              });
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(10));
      assertFalse(thread.isAlive(), one + " and " + other + " wait for each other");
    }
    assertEquals(List.of(), List.copyOf(failures));
  }

  private static Class<?> initialize(ClassLoader loader, String name)
      throws ClassNotFoundException {
    return Class.forName("dev.tahini.rpc." + name, true, loader);
  }

  /** Loads this library's classes anew, so that nothing of them is initialized yet. */
  private static final class FreshClassLoader extends ClassLoader {
    FreshClassLoader() {
      super(Pick.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.tahini.rpc.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        @Nullable Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (file == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}

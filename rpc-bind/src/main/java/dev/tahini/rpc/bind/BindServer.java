package dev.tahini.rpc.bind;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A BIND 9 of its own on a port of 127.0.0.1, authoritative for some zones, whose data is changed
 * by dynamic updates (RFC 2136). A name in none of its zones is REFUSED. That a name does not exist
 * holds for a second (its zones' negative TTL).
 *
 * <p>Its methods are for one thread at a time, {@link #address} for any. What fails is an {@link
 * IllegalStateException} with what the program said; so is an interrupt, which stays set. {@code
 * named} runs as the user of this process, in a temporary folder, and ends with the JVM at the
 * latest, unless that is killed.
 */
public final class BindServer implements AutoCloseable {
  private static final int COMMAND_SECONDS = 15;

  private final ServerFolder folder;
  private final NamedProcess named;
  private final NamedLauncher launcher;
  private final InetSocketAddress address;
  private final Command command;
  private final UpdateClient updates;
  private final Thread atJvmEnd;

  private BindServer(Programs programs, Configuration configuration) {
    folder = ServerFolder.create();
    named = new NamedProcess(programs.named(), folder);
    launcher = new NamedLauncher(programs, configuration, folder, named);
    command = new Command(folder, COMMAND_SECONDS);
    atJvmEnd = new Thread(this::end, "bind-server-end");
    boolean started = false;
    try {
      Runtime.getRuntime().addShutdownHook(atJvmEnd);
      address = launcher.launchAnywhere();
      updates = new UpdateClient(programs.nsupdate(), command, address);
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  /** What has to be installed first, in one line; empty if nothing. */
  public static Optional<String> missing() {
    return Programs.missing(Programs.installedIn());
  }

  /**
   * Starts a server and waits until it answers, for 10 s at most.
   *
   * @param zones such as {@code "test"} and {@code "prod.test"}: each with an SOA and an NS only
   * @throws IllegalStateException if programs are missing, or it does not start: with its log
   * @throws IllegalArgumentException if there is no zone, one twice, or one that is no name
   */
  public static BindServer start(String... zones) {
    return startWithBroken(List.of(zones), List.of());
  }

  /**
   * Starts a server that also has zones whose data cannot be loaded: names in them are SERVFAIL.
   * The rest is as in {@link #start}.
   */
  public static BindServer startWithBroken(List<String> zones, List<String> brokenZones) {
    Configuration configuration =
        new Configuration(UUID.randomUUID().toString(), zones, brokenZones);
    return new BindServer(Programs.in(Programs.installedIn()), configuration);
  }

  /** Where it answers, over UDP and TCP; stays the same over {@link #kill} and {@link #restart}. */
  public InetSocketAddress address() {
    return address;
  }

  /**
   * Changes data, all of it at once or, if an exception is thrown, none of it, save where the
   * server is paused or killed meanwhile. One message: all names in one zone, 64 KB at most.
   *
   * @param lines as {@code nsupdate} takes them, names with a dot at their end: {@code "delete
   *     greeter.test. A"}, {@code "add greeter.test. 1 A 127.0.0.1"}
   */
  public void update(String... lines) {
    updates.send(List.of(lines));
  }

  /**
   * Replaces an RRset, in one transaction: no answer is between.
   *
   * @param name with or without a dot at its end
   * @param type such as {@code "A"} or {@code "SRV"}
   * @param values as zone files have them, such as {@code "0 10 8080 a.test."}; if empty, the RRset
   *     is only deleted
   */
  public void replace(String name, String type, int ttlSeconds, List<String> values) {
    List<String> lines = new ArrayList<>();
    lines.add("delete " + name + " " + type);
    values.forEach(value -> lines.add("add " + name + " " + ttlSeconds + " " + type + " " + value));
    updates.send(lines);
  }

  /** Deletes all RRsets of a name: it is NXDOMAIN then, unless there are names below it. */
  public void delete(String name) {
    updates.send(List.of("delete " + name));
  }

  /** Ends it by SIGKILL and waits for that. Data that was updated is kept. Idempotent. */
  public void kill() {
    named.kill();
  }

  /**
   * Starts it again on the same port, with the data that was updated, and waits until it answers,
   * for 10 s at most. One that runs is killed first.
   */
  public void restart() {
    named.kill();
    launcher.launchAt(address);
  }

  /** Stops it (SIGSTOP): its port stays open and nothing is answered. */
  public void pause() {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT), first with what has been asked meanwhile. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    // The shell's own kill: not every machine has the program.
    List<String> kill = List.of("/bin/sh", "-c", "kill -" + name + " " + named.pid());
    Command.Outcome outcome = command.run(kill, "");
    if (outcome.exit() != 0) {
      throw new IllegalStateException("kill -" + name + ": " + outcome.output().strip());
    }
  }

  /** Whether there is a process, be it paused. */
  public boolean isRunning() {
    return named.isRunning();
  }

  /** Kills it, even if it is paused, and deletes its folder. Idempotent. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atJvmEnd);
    } catch (IllegalStateException shuttingDown) {
      // The hook does the same.
    }
    end();
  }

  private void end() {
    named.end();
    named.kill();
    folder.delete();
  }
}

package dev.tahini.rpc.examples.demo;

import static java.util.stream.Collectors.toMap;

import io.grpc.Status;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was measured in one scene: attempts, as the client's events tell them, and calls, as their
 * callers saw them. Thread-safe; written by many while it is read.
 */
final class SceneMeter {
  /** Attempts of one kind of pick on one backend. */
  private record Lane(String address, String picker) {}

  private final Map<Lane, Latencies> attempts = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> failedAttempts = new ConcurrentHashMap<>();
  private final Map<String, Latencies> calls = new ConcurrentHashMap<>();
  private final Map<Status.Code, LongAdder> failedCalls = new ConcurrentHashMap<>();
  private final Map<Status.Code, String> failureTexts = new ConcurrentHashMap<>();
  private final Set<String> missedKeys = ConcurrentHashMap.newKeySet();

  void attemptEnded(String address, String picker, Status status, long nanos) {
    attempts.computeIfAbsent(new Lane(address, picker), any -> new Latencies()).record(nanos);
    if (isFailure(status)) {
      failedAttempts.computeIfAbsent(address, any -> new LongAdder()).increment();
    }
  }

  void callEnded(String picker, Status status, long nanos) {
    calls.computeIfAbsent(picker, any -> new Latencies()).record(nanos);
    if (isFailure(status)) {
      failedCalls.computeIfAbsent(status.getCode(), any -> new LongAdder()).increment();
      failureTexts.putIfAbsent(status.getCode(), status.getCode() + ": " + status.getDescription());
    }
  }

  void keyMissed(String key) {
    missedKeys.add(key);
  }

  /** What a server of the cache says of a key that it does not have is an answer like others. */
  static boolean isFailure(Status status) {
    return !status.isOk() && status.getCode() != Status.Code.NOT_FOUND;
  }

  long calls() {
    return calls.values().stream().mapToLong(Latencies::count).sum();
  }

  long calls(String picker) {
    Latencies ofPicker = calls.get(picker);
    return ofPicker == null ? 0 : ofPicker.count();
  }

  long callNanosAt(String picker, double percentile) {
    Latencies ofPicker = calls.get(picker);
    return ofPicker == null ? 0 : ofPicker.nanosAtPercentile(percentile);
  }

  /** How many calls failed, by code. */
  Map<Status.Code, Long> failedCalls() {
    return failedCalls.entrySet().stream()
        .collect(toMap(Map.Entry::getKey, e -> e.getValue().sum(), Long::sum, TreeMap::new));
  }

  /** What the first call that failed with a code was told. */
  String failureText(Status.Code code) {
    return failureTexts.getOrDefault(code, "");
  }

  /** Attempts that were made with a kind of pick on a backend. */
  long attempts(String picker, String address) {
    Latencies lane = attempts.get(new Lane(address, picker));
    return lane == null ? 0 : lane.count();
  }

  /** A backend's part of the attempts with a kind of pick: 0 to 1. */
  double share(String picker, String address) {
    long all =
        attempts.entrySet().stream()
            .filter(lane -> lane.getKey().picker().equals(picker))
            .mapToLong(lane -> lane.getValue().count())
            .sum();
    return all == 0 ? 0 : (double) attempts(picker, address) / all;
  }

  long attemptNanosAt(String picker, String address, double percentile) {
    Latencies lane = attempts.get(new Lane(address, picker));
    return lane == null ? 0 : lane.nanosAtPercentile(percentile);
  }

  long attemptNanosAt(String address, double percentile) {
    return Latencies.nanosAtPercentile(
        attempts.entrySet().stream()
            .filter(lane -> lane.getKey().address().equals(address))
            .map(Map.Entry::getValue)
            .toList(),
        percentile);
  }

  long failedAttempts(String address) {
    LongAdder failed = failedAttempts.get(address);
    return failed == null ? 0 : failed.sum();
  }

  /** Keys for which a server had no value. */
  Set<String> missedKeys() {
    return Set.copyOf(missedKeys);
  }
}

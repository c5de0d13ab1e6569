package dev.tahini.rpc.benchmarks.page;

/** The names of what is measured. */
final class Metrics {
  static final String MILLIS = "ms";
  static final String ALLOCATED = "kB allocated";
  static final String SENT = "kB sent";
  static final String CALLS = "calls/s";
  static final String CPU = "CPU us";
  static final String BYTES = "bytes";
  static final String POLLS = "polls/s";

  static final String HTML = "html";
  static final String JSON = "json";
  static final String METRICS = "metrics";
  static final String SNAPSHOT = "snapshot";

  static final String NO_PAGE = "no_page";
  static final String PAGE = "page";
  static final String POLLED = "page_polled";
  static final String FILE_POLLED = "file_polled";

  private Metrics() {}

  static String answer(int backends) {
    return "an answer, N=" + backends;
  }

  static String calls(int backends) {
    return "calls, N=" + backends;
  }
}

package dev.tahini.rpc.debug.http;

import dev.tahini.rpc.Figure;
import io.grpc.ConnectivityState;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Writes a report in Prometheus' text format. */
final class PrometheusReport {
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final GaugeSnapshot.Builder endpoints =
      GaugeSnapshot.builder()
          .name("tahini_client_backends")
          .help("Backends of a client, by the state of their connection.");
  private final CounterSnapshot.Builder callsStarted =
      CounterSnapshot.builder()
          .name("tahini_client_calls_started")
          .help("Calls that the application started, whatever attempts were made for each.");
  private final CounterSnapshot.Builder callsEnded =
      CounterSnapshot.builder()
          .name("tahini_client_calls_ended")
          .help("Calls that ended, by status code.");
  private final Map<String, GaugeSnapshot.Builder> figures = new LinkedHashMap<>();
  private final GaugeSnapshot.Builder confirmed =
      GaugeSnapshot.builder()
          .name("tahini_discovery_age_seconds")
          .help("How long ago discovery last said anything good.");
  private final GaugeSnapshot.Builder failing =
      GaugeSnapshot.builder()
          .name("tahini_discovery_failing")
          .help("1 while discovery fails, else 0.");
  private final GaugeSnapshot.Builder ready =
      GaugeSnapshot.builder().name("tahini_backend_ready").help("1 if it is connected, else 0.");
  private final GaugeSnapshot.Builder inFlight =
      GaugeSnapshot.builder().name("tahini_backend_in_flight").help("Attempts open now.");
  private final CounterSnapshot.Builder started =
      CounterSnapshot.builder().name("tahini_backend_started").help("Attempts ever sent to it.");
  private final CounterSnapshot.Builder ended =
      CounterSnapshot.builder()
          .name("tahini_backend_ended")
          .help("Attempts that ended, by status code.");
  private final SummarySnapshot.Builder latency =
      SummarySnapshot.builder()
          .name("tahini_backend_latency_seconds")
          .help("How long attempts of the last 4 to 5 minutes took.");

  private PrometheusReport() {}

  static byte[] write(Report report) {
    PrometheusReport metrics = new PrometheusReport();
    for (Report.Client client : report.clients()) {
      metrics.client(client, report);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, metrics.snapshots());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array takes everything
    }
    return out.toByteArray();
  }

  private MetricSnapshots snapshots() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    figures.values().forEach(figure -> all.metricSnapshot(figure.build()));
    return all.metricSnapshot(endpoints.build())
        .metricSnapshot(callsStarted.build())
        .metricSnapshot(callsEnded.build())
        .metricSnapshot(confirmed.build())
        .metricSnapshot(failing.build())
        .metricSnapshot(ready.build())
        .metricSnapshot(inFlight.build())
        .metricSnapshot(started.build())
        .metricSnapshot(ended.build())
        .metricSnapshot(latency.build())
        .build();
  }

  private void client(Report.Client client, Report report) {
    Labels labels = Labels.of("client", client.id(), "target", client.shortTarget());
    for (ConnectivityState state : ConnectivityState.values()) {
      if (state != ConnectivityState.SHUTDOWN) {
        String name = state.name().toLowerCase(Locale.ROOT);
        endpoints.dataPoint(gauge(labels.add("state", name), (double) client.in(state)));
      }
    }
    callsStarted.dataPoint(counter(labels, (double) client.callsStarted()));
    client
        .callsEnded()
        .forEach(
            (code, count) ->
                callsEnded.dataPoint(counter(labels.add("code", code.name()), (double) count)));
    for (Figure figure : client.figures()) {
      figure(figure).dataPoint(gauge(labels, figure.value()));
    }
    if (client.lastConfirmed() != null) {
      Duration age = Duration.between(client.lastConfirmed(), report.taken());
      confirmed.dataPoint(gauge(labels, (double) age.toNanos() / NANOS_PER_SECOND));
    }
    failing.dataPoint(gauge(labels, client.lastError() == null ? 0 : 1));
    client.backends().forEach(backend -> backend(labels, backend));
  }

  /** A gauge also of a count that only grows: that it is one its name cannot promise. */
  private GaugeSnapshot.Builder figure(Figure figure) {
    String name = "tahini_" + figure.name().replaceFirst("_total$", "");
    return figures.computeIfAbsent(
        name, missing -> GaugeSnapshot.builder().name(name).help(figure.help()));
  }

  private void backend(Labels client, Report.Backend backend) {
    Labels labels = client.add("backend", backend.label());
    ready.dataPoint(gauge(labels, backend.state() == ConnectivityState.READY ? 1 : 0));
    inFlight.dataPoint(gauge(labels, backend.inFlight()));
    started.dataPoint(counter(labels, (double) backend.started()));
    ended.dataPoint(counter(labels.add("code", "OK"), (double) backend.succeeded()));
    backend
        .failed()
        .forEach(
            (code, count) ->
                ended.dataPoint(counter(labels.add("code", code.name()), (double) count)));
    LatencyCounts.Percentiles took = backend.latency();
    latency.dataPoint(
        SummaryDataPointSnapshot.builder()
            .labels(labels)
            .quantiles(
                Quantiles.of(
                    new Quantile(0.5, (double) took.p50Nanos() / NANOS_PER_SECOND),
                    new Quantile(0.9, (double) took.p90Nanos() / NANOS_PER_SECOND),
                    new Quantile(0.99, (double) took.p99Nanos() / NANOS_PER_SECOND)))
            .build());
  }

  private static GaugeDataPointSnapshot gauge(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static CounterDataPointSnapshot counter(Labels labels, double value) {
    return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}

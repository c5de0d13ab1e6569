package dev.tahini.rpc.debug.http;

import com.google.gson.stream.JsonWriter;
import dev.tahini.rpc.Figure;
import io.grpc.Status;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a report as {@code /debug/backends.json}; docs/debugging.md has its schema. */
final class JsonReport {
  private static final int SCHEMA = 1;

  private final JsonWriter json;

  private JsonReport(JsonWriter json) {
    this.json = json;
  }

  static byte[] write(Report report) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      new JsonReport(json).report(report);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string takes everything
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void report(Report report) throws IOException {
    json.beginObject();
    json.name("schema").value(SCHEMA);
    json.name("taken").value(report.taken().toString());
    json.name("sensitive").value(report.sensitive());
    json.name("clients").beginArray();
    for (Report.Client client : report.clients()) {
      client(client);
    }
    json.endArray().endObject();
  }

  private void client(Report.Client client) throws IOException {
    json.beginObject();
    json.name("id").value(client.id());
    json.name("target").value(client.target());
    json.name("discovery").value(client.discovery());
    json.name("shardMap").value(client.shardMap());
    json.name("listed").value(client.listed());
    json.name("lastConfirmed").value(text(client.lastConfirmed()));
    json.name("lastError").value(client.lastError());
    json.name("callsStarted").value(client.callsStarted());
    codes("callsEnded", client.callsEnded());
    json.name("figures").beginObject();
    for (Figure figure : client.figures()) {
      json.name(figure.name());
      if (Double.isInfinite(figure.value())) {
        json.value(Double.toString(figure.value())); // JSON has no such number
      } else {
        json.value(figure.value());
      }
    }
    json.endObject();
    json.name("backends").beginArray();
    for (Report.Backend backend : client.backends()) {
      backend(backend);
    }
    json.endArray();
    json.name("history").beginArray();
    for (Change change : client.history()) {
      change(change);
    }
    json.endArray();
    Report.Key key = client.key();
    if (key != null) {
      json.name("key");
      key(key);
    }
    json.endObject();
  }

  private void backend(Report.Backend backend) throws IOException {
    json.beginObject();
    json.name("id").value(backend.id());
    json.name("backend").value(backend.label());
    json.name("name").value(backend.name());
    json.name("zone").value(backend.zone());
    json.name("weight").value(backend.weight());
    json.name("draining").value(backend.draining());
    json.name("attributes").beginObject();
    for (Map.Entry<String, String> attribute : backend.attributes().entrySet()) {
      json.name(attribute.getKey()).value(attribute.getValue());
    }
    json.endObject();
    json.name("state").value(backend.state().name());
    json.name("since").value(backend.since().toString());
    json.name("inFlight").value(backend.inFlight());
    json.name("started").value(backend.started());
    json.name("succeeded").value(backend.succeeded());
    codes("failed", backend.failed());
    latency(backend.latency());
    steps(backend.steps());
    json.name("share").value(backend.share());
    json.name("lastError").value(backend.lastError());
    json.name("verdict").value(backend.verdict());
    json.endObject();
  }

  private void codes(String name, Map<Status.Code, Long> counts) throws IOException {
    json.name(name).beginObject();
    for (Map.Entry<Status.Code, Long> code : counts.entrySet()) {
      json.name(code.getKey().name()).value(code.getValue());
    }
    json.endObject();
  }

  private void latency(LatencyCounts.Percentiles latency) throws IOException {
    json.name("latency").beginObject();
    json.name("count").value(latency.count());
    json.name("p50Nanos").value(latency.p50Nanos());
    json.name("p90Nanos").value(latency.p90Nanos());
    json.name("p99Nanos").value(latency.p99Nanos());
    json.endObject();
  }

  private void steps(CallSeries.Steps steps) throws IOException {
    json.name("steps").beginObject();
    json.name("seconds").value(CallSeries.STEP_SECONDS);
    json.name("ended").beginArray();
    for (int ended : steps.ended()) {
      json.value(ended);
    }
    json.endArray().name("failed").beginArray();
    for (int failed : steps.failed()) {
      json.value(failed);
    }
    json.endArray().name("meanMicros").beginArray();
    for (long mean : steps.meanMicros()) {
      json.value(mean);
    }
    json.endArray().endObject();
  }

  private void change(Change change) throws IOException {
    json.beginObject();
    json.name("at").value(change.at().toString());
    json.name("what").value(change.what());
    json.name("backends").beginArray();
    for (String backend : change.addresses()) {
      json.value(backend);
    }
    json.endArray();
    json.name("more").value(change.more());
    json.name("why").value(change.why());
    json.name("times").value(change.times());
    json.endObject();
  }

  private void key(Report.Key key) throws IOException {
    json.beginObject();
    json.name("key").value(key.key());
    json.name("error").value(key.error());
    json.name("owners").beginArray();
    for (Report.Owner owner : key.owners()) {
      json.beginObject();
      json.name("backend").value(owner.label());
      json.name("state").value(owner.state().name());
      json.endObject();
    }
    json.endArray().name("picks").beginArray();
    for (Report.Picked picked : key.picks()) {
      json.beginObject();
      json.name("pick").value(picked.pick());
      json.name("outcome").value(picked.outcome());
      json.endObject();
    }
    json.endArray().endObject();
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}

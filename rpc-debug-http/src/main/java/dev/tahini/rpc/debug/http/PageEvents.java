package dev.tahini.rpc.debug.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What changed on one reader's page since the last event: rows, as the page itself has them. */
final class PageEvents implements DebugResponse.Events {
  private final ReportMaker maker;
  private final HtmlReport html;
  private final Query query;
  private final boolean sensitive;
  private final Map<String, String> sent = new HashMap<>();

  PageEvents(ReportMaker maker, HtmlReport html, Query query, boolean sensitive) {
    this.maker = maker;
    this.html = html;
    this.query = query;
    this.sensitive = sensitive;
  }

  @Override
  public byte[] next() {
    Report report = maker.make(query, sensitive);
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setHtmlSafe(true);
      json.beginObject().name("taken").value(report.taken().toString());
      json.name("clients").beginArray();
      for (Report.Client client : report.clients()) {
        client(json, report, client);
      }
      json.endArray().endObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string takes everything
    }
    forgetAllBut(report);
    return ("data: " + text + "\n\n").getBytes(UTF_8);
  }

  private void client(JsonWriter json, Report report, Report.Client client) throws IOException {
    boolean lean = client.hasMany() && !query.isNarrow();
    json.beginObject().name("id").value(client.id());
    json.name("head").value(html.head(report, client));
    json.name("ids").beginArray();
    for (Report.Backend backend : client.backends()) {
      json.value(backend.id());
    }
    json.endArray().name("rows").beginArray();
    for (Report.Backend backend : client.backends()) {
      String row = html.row(report, backend, lean, query);
      if (!row.equals(sent.put(backend.id(), row))) {
        json.beginObject().name("id").value(backend.id());
        json.name("state").value(backend.state().name());
        json.name("html").value(row).endObject();
      }
    }
    json.endArray().endObject();
  }

  private void forgetAllBut(Report report) {
    Set<String> listed =
        report.clients().stream()
            .map(Report.Client::backends)
            .flatMap(List::stream)
            .map(Report.Backend::id)
            .collect(Collectors.toSet());
    sent.keySet().retainAll(listed);
  }
}

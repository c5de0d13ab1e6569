package dev.tahini.rpc.debug.http;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;

/** Writes a report, or a part of it, as HTML, by the templates in {@code src/main/jte}. */
final class HtmlReport {
  private final TemplateEngine templates =
      TemplateEngine.createPrecompiled(
          null,
          ContentType.Html,
          HtmlReport.class.getClassLoader(),
          HtmlReport.class.getPackageName());

  String page(Report report, Query query) {
    return render("page.jte", Map.of("report", report, "query", query, "links", new Links(query)));
  }

  String head(Report report, Report.Client client) {
    return render("head.jte", Map.of("report", report, "client", client));
  }

  String row(Report report, Report.Backend backend, boolean lean, Query query) {
    return render(
        "row.jte",
        Map.of(
            "backend", backend, "lean", lean, "links", new Links(query), "taken", report.taken()));
  }

  private String render(String template, Map<String, Object> parameters) {
    StringOutput out = new StringOutput();
    templates.render(template, parameters, out);
    return out.toString();
  }
}

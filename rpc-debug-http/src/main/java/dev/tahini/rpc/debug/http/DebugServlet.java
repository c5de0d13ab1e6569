package dev.tahini.rpc.debug.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import com.google.common.net.InetAddresses;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link DebugPages} in a servlet container, to be mapped to {@code /debug/*}; the application
 * brings {@code jakarta.servlet}. Time limits and sizes are the container's. A live page holds no
 * thread: it comes back each second for what is new.
 */
public final class DebugServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final byte[] COME_BACK = "retry: 1000\n".getBytes(US_ASCII);

  private final transient DebugPages pages;

  /**
   * Before pages.
   *
   * @param pages who answers
   */
  public DebugServlet(DebugPages pages) {
    this.pages = requireNonNull(pages, "pages");
  }

  /** All methods: the pages say which they take. */
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    DebugResponse answer = pages.answer(read(request));
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    DebugResponse.Events events = answer.events();
    boolean isHead = request.getMethod().equals("HEAD");
    if (events == null) {
      response.setContentLength(answer.body().length);
    }
    if (!isHead) {
      ServletOutputStream out = response.getOutputStream();
      if (events == null) {
        out.write(answer.body());
      } else {
        out.write(COME_BACK);
        out.write(events.next());
      }
    }
  }

  private static DebugRequest read(HttpServletRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name, request.getHeader(name));
    }
    String query = request.getQueryString();
    String path = request.getRequestURI().substring(request.getContextPath().length());
    return new DebugRequest(
        request.getMethod(),
        path,
        query == null ? "" : query,
        headers,
        remoteOf(request.getRemoteAddr()));
  }

  private static @Nullable InetAddress remoteOf(@Nullable String address) {
    return address != null && InetAddresses.isInetAddress(address)
        ? InetAddresses.forString(address)
        : null;
  }
}

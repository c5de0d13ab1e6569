package dev.tahini.rpc;

/** Whether a server may have seen an attempt that failed. Source: gRFC A6, transparent retries. */
public enum AttemptFate {
  /** It may have; whether the call may be made again is for the caller to say. */
  PROCESSED,
  /** Its headers were never written to a connection. */
  NEVER_SENT,
  /** The server said that it left it alone: by GOAWAY, or by RST_STREAM with REFUSED_STREAM. */
  REFUSED
}

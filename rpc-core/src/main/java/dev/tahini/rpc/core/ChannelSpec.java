package dev.tahini.rpc.core;

import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.ShardMap;
import dev.tahini.rpc.Target;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that makes a channel what it is: clients of equal specs may share one. Immutable.
 *
 * @param authority the user's, or null for the target's own
 * @param callbackLimit how long a callback may hold an event loop up; null if they run elsewhere
 */
record ChannelSpec(
    Target target,
    Security security,
    @Nullable String authority,
    Discovery discovery,
    ShardMap shardMap,
    List<Picker.Factory> pickers,
    List<ClientFeature> features,
    List<Consumer<? super ManagedChannelBuilder<?>>> customizers,
    @Nullable Duration callbackLimit,
    ChannelFactory channelFactory,
    Sources sources) {

  /** How connections are made. Plaintext equals plaintext, the default TLS itself. */
  record Security(boolean plaintext, @Nullable ChannelCredentials custom) {
    static final Security TLS = new Security(false, null);
    static final Security PLAINTEXT = new Security(true, null);

    ChannelCredentials credentials() {
      if (custom != null) {
        return custom;
      }
      return plaintext ? InsecureChannelCredentials.create() : TlsChannelCredentials.create();
    }

    boolean isInsecure() {
      return plaintext || custom instanceof InsecureChannelCredentials;
    }
  }

  ChannelSpec {
    pickers = List.copyOf(pickers);
    features = List.copyOf(features);
    customizers = List.copyOf(customizers);
    if (authority == null && !security.isInsecure() && target.hosts().size() > 1) {
      throw new InvalidValueException(
          "authority",
          null,
          "the name in the servers' certificates by .authority(...), which a static list under TLS"
              + " does not tell, or .plaintext(): "
              + target);
    }
  }

  /** What opening the channel would find wrong, as far as that can be told without a watch. */
  void check() {
    discovery.check(target);
    Pickers.byName(pickers);
  }

  String serviceAuthority() {
    return authority != null ? authority : target.serviceAuthority();
  }
}

package dev.tahini.rpc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ClientOptionsTest {
  private static final Target NAMED = Target.parse("greeter.prod:8080");
  private static final Target LIST = Target.parse("static:///10.0.0.1:80,10.0.0.2:80");

  private final Discovery discovery = new FakeDiscovery("fake");
  private final ChannelFactory factory = ChannelFactory.network();
  private final Sources sources = Sources.of(TimeSource.system());

  @Test
  void clientIsTlsUnlessSaidOtherwise() {
    assertInstanceOf(TlsChannelCredentials.class, spec(NAMED, options()).security().credentials());
  }

  @Test
  void plaintextIsInsecure() {
    assertInstanceOf(
        InsecureChannelCredentials.class,
        spec(NAMED, options().plaintext()).security().credentials());
  }

  @Test
  void givenCredentialsAreUsed() {
    ChannelCredentials mine = TlsChannelCredentials.create();

    assertSame(mine, spec(NAMED, options().credentials(mine)).security().credentials());
  }

  @Test
  void plaintextTwiceIsRefused() {
    RpcClient.Builder<Channel> options = options().plaintext();

    InvalidValueException e = assertThrows(InvalidValueException.class, options::plaintext);

    assertEquals(
        "credentials: given twice (expected: plaintext() or credentials(...) once)",
        e.getMessage());
  }

  @Test
  void credentialsAfterPlaintextAreRefused() {
    RpcClient.Builder<Channel> options = options().plaintext();
    ChannelCredentials mine = TlsChannelCredentials.create();

    assertThrows(InvalidValueException.class, () -> options.credentials(mine));
  }

  @Test
  void plaintextAfterCredentialsIsRefused() {
    RpcClient.Builder<Channel> options = options().credentials(TlsChannelCredentials.create());

    assertThrows(InvalidValueException.class, options::plaintext);
  }

  @Test
  void staticListUnderTlsWithoutAuthorityIsRefused() {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> spec(LIST, options()));

    assertEquals(
        "authority: null (expected: the name in the servers' certificates by .authority(...), which"
            + " a static list under TLS does not tell, or .plaintext():"
            + " static:///10.0.0.1:80,10.0.0.2:80)",
        e.getMessage());
  }

  @Test
  void staticListUnderGivenTlsCredentialsWithoutAuthorityIsRefused() {
    RpcClient.Builder<Channel> options = options().credentials(TlsChannelCredentials.create());

    assertThrows(InvalidValueException.class, () -> spec(LIST, options));
  }

  @Test
  void staticListUnderTlsWithAuthorityIsTaken() {
    assertEquals(
        "greeter.prod", spec(LIST, options().authority("greeter.prod")).serviceAuthority());
  }

  @Test
  void staticListInPlaintextNeedsNoAuthority() {
    assertEquals("10.0.0.1:80", spec(LIST, options().plaintext()).serviceAuthority());
    assertEquals(
        "10.0.0.1:80",
        spec(LIST, options().credentials(InsecureChannelCredentials.create())).serviceAuthority());
  }

  @Test
  void authorityIsTheTargetsUnlessGiven() {
    assertEquals("greeter.prod:8080", spec(NAMED, options()).serviceAuthority());
    assertEquals("other", spec(NAMED, options().authority("other")).serviceAuthority());
  }

  @Test
  void negativeGracePeriodIsRefused() {
    RpcClient.Builder<Channel> options = options();

    InvalidValueException e =
        assertThrows(
            InvalidValueException.class, () -> options.gracePeriod(Duration.ofSeconds(-1)));

    assertEquals("gracePeriod: PT-1S (expected: zero or more)", e.getMessage());
  }

  @Test
  void gracePeriodIsFiveSecondsUnlessGiven() {
    assertEquals(Duration.ofSeconds(5), options().gracePeriod());
    assertEquals(Duration.ZERO, options().gracePeriod(Duration.ZERO).gracePeriod());
  }

  @Test
  void equalOptionsMakeEqualSpecs() {
    ChannelCredentials mine = TlsChannelCredentials.create();

    assertEquals(spec(NAMED, options()), spec(NAMED, options()));
    assertEquals(spec(NAMED, options().plaintext()), spec(NAMED, options().plaintext()));
    assertEquals(
        spec(NAMED, options().credentials(mine)), spec(NAMED, options().credentials(mine)));
    assertEquals(spec(NAMED, options()), spec(NAMED, options().gracePeriod(Duration.ofSeconds(9))));
  }

  @Test
  void anyDifferenceMakesSpecsDiffer() {
    ChannelSpec plain = spec(NAMED, options());
    Consumer<ManagedChannelBuilder<?>> customizer = builder -> {};
    Picker.Factory picker = new NoPickers();

    assertNotEquals(plain, spec(Target.parse("other"), options()));
    assertNotEquals(plain, spec(NAMED, options().plaintext()));
    assertNotEquals(plain, spec(NAMED, options().authority("other")));
    assertNotEquals(plain, spec(NAMED, options().shardMap(new FakeShardMap())));
    assertNotEquals(plain, spec(NAMED, options().picker(picker)));
    assertNotEquals(plain, spec(NAMED, options().channel(customizer)));
  }

  @Test
  void sameCustomizersMakeEqualSpecs() {
    Consumer<ManagedChannelBuilder<?>> customizer = builder -> {};

    assertEquals(
        spec(NAMED, options().channel(customizer)), spec(NAMED, options().channel(customizer)));
  }

  @Test
  void pickersOfOneNameAreRefused() {
    ChannelSpec spec = spec(NAMED, options().picker(new NoPickers()).picker(new NoPickers()));

    InvalidValueException e = assertThrows(InvalidValueException.class, spec::check);

    assertEquals("picker: none (expected: each name once)", e.getMessage());
  }

  private static RpcClient.Builder<Channel> options() {
    return RpcClient.builder("greeter.prod:8080", channel -> channel);
  }

  private ChannelSpec spec(Target target, ClientOptions<?> options) {
    return options.channelSpec(target, discovery, List.of(), factory, sources);
  }

  private static final class NoPickers implements Picker.Factory {
    @Override
    public String name() {
      return "none";
    }

    @Override
    public Picker create(Picker.Backends backends) {
      return request -> null;
    }
  }
}

package dev.tahini.rpc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiscoveriesTest {
  private final Discovery dns = new FakeDiscovery("dns");
  private final Discovery k8s = new FakeDiscovery("k8s", "kubernetes");

  @Test
  void schemeNamesItsDiscovery() {
    Discoveries discoveries = installed(plain(dns), asDefault(k8s));

    assertSame(dns, discoveries.of(Target.parse("dns:///greeter")));
    assertSame(k8s, discoveries.of(Target.parse("k8s:///greeter")));
    assertSame(k8s, discoveries.of(Target.parse("kubernetes:///greeter")));
  }

  @Test
  void onlyDiscoveryServesTargetsWithoutScheme() {
    assertSame(dns, installed(plain(dns)).of(Target.parse("greeter")));
  }

  @Test
  void defaultServesTargetsWithoutScheme() {
    assertSame(k8s, installed(plain(dns), asDefault(k8s)).of(Target.parse("greeter")));
  }

  @Test
  void onlyDiscoveryMayBeTheDefaultToo() {
    assertSame(dns, installed(asDefault(dns)).of(Target.parse("greeter")));
  }

  @Test
  void twoWithoutADefaultAreRefused() {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> installed(plain(dns), plain(k8s)));

    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("discoveries: [[dns], [k"), message);
    assertTrue(
        message.endsWith(
            "(expected: one of several marked as the default by .asDefault(); marked are 0)"),
        message);
  }

  @Test
  void twoDefaultsAreRefused() {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> installed(asDefault(dns), asDefault(k8s)));

    assertTrue(String.valueOf(e.getMessage()).endsWith("marked are 2)"), e.getMessage());
  }

  @Test
  void twoForOneSchemeAreRefused() {
    Discovery other = new FakeDiscovery("dns");

    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> installed(asDefault(dns), plain(other)));

    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith("scheme: dns (expected: that of one discovery, not both "),
        e.getMessage());
  }

  @Test
  void staticTargetsWorkWithoutAny() {
    assertInstanceOf(StaticDiscovery.class, installed().of(Target.parse("static:///10.0.0.1:80")));
  }

  @Test
  void staticTargetsWorkBesideOthers() {
    assertInstanceOf(
        StaticDiscovery.class, installed(plain(dns)).of(Target.parse("static:///10.0.0.1:80")));
  }

  @Test
  void installedStaticDiscoveryServesStaticTargets() {
    Discovery mine = new FakeDiscovery("static");

    assertSame(mine, installed(plain(mine)).of(Target.parse("static:///10.0.0.1:80")));
  }

  @Test
  void targetWithoutSchemeIsRefusedWhereNoneIsInstalled() {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> installed().of(Target.parse("greeter")));

    assertEquals(
        "target: greeter (expected: static:///greeter, or an installed discovery for targets"
            + " without a scheme)",
        e.getMessage());
  }

  @Test
  void unknownSchemeIsRefusedByNamingTheKnown() {
    InvalidValueException e =
        assertThrows(
            InvalidValueException.class,
            () -> installed(plain(dns)).of(Target.parse("k8s:///greeter")));

    assertEquals(
        "target: k8s:///greeter (expected: one of the schemes [dns, static]; is its discovery"
            + " installed?)",
        e.getMessage());
  }

  private static Discoveries installed(InstalledDiscovery... installed) {
    return new Discoveries(List.of(installed), new TestChannel().state.sources());
  }

  private static InstalledDiscovery plain(Discovery discovery) {
    return new InstalledDiscovery(discovery, false);
  }

  private static InstalledDiscovery asDefault(Discovery discovery) {
    return new InstalledDiscovery(discovery, true);
  }
}

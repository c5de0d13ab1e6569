package dev.tahini.rpc.examples.demo;

/** Where the list of servers can be kept; lower case on the command line. */
enum ListPlace {
  DEMO,
  DNS;

  /**
   * Makes the place, with nobody listed.
   *
   * @throws dev.tahini.rpc.InvalidValueException if this machine lacks what it takes
   */
  ServerList open() {
    return switch (this) {
      case DEMO -> new DemoServerList();
      case DNS -> DnsServerList.start();
    };
  }
}

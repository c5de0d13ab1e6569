"""The standard shard map, from docs/shard-map.md. Checks test vectors: python3 shard_map.py standard.jsonl"""
import hashlib, itertools, json, struct, sys

P1, P2, P3, P4, P5 = (11400714785074694791, 14029467366897019727, 1609587929392839161, 9650029242287828579,
                      2870177450012600261)
W, M = 2**64 - 1, 2**15 - 1
T = [0, *itertools.accumulate(2**32 // (2**15 - r) for r in range(2**15))]

def turn(x, bits):
    return (x << bits | (x & W) >> 64 - bits) & W

def xxh64(data, seed):
    h, at, lane = seed + P5, 0, lambda a, x: turn(a + x * P2, 31) * P1
    if len(data) >= 32:
        v = [seed + P1 + P2, seed + P2, seed, seed - P1]
        for at in range(32, len(data) + 1, 32):
            v = [lane(a, x) for a, x in zip(v, struct.unpack_from("<4Q", data, at - 32))]
        h = sum(turn(a, bits) for a, bits in zip(v, (1, 7, 12, 18)))
        for a in v:
            h = (h ^ lane(0, a) & W) * P1 + P4
    h = (h + len(data)) & W
    for form, size, mix in (("<Q", 8, lambda x: turn(h ^ lane(0, x) & W, 27) * P1 + P4),
                            ("<I", 4, lambda x: turn(h ^ x * P1 & W, 23) * P2 + P3),
                            ("<B", 1, lambda x: turn(h ^ x * P5 & W, 11) * P1)):
        while len(data) - at >= size:
            h, at = mix(struct.unpack_from(form, data, at)[0]) & W, at + size
    h = (h ^ h >> 33) * P2 & W
    h = (h ^ h >> 29) * P3 & W
    return h ^ h >> 32

def bids(host, weight, block, slots):
    o, f = xxh64(host.encode(), 2 * block), xxh64(host.encode(), 2 * block + 1)
    summand, first, second, third = o & M, o >> 15 & M | 1, o >> 30 & M | 1, o >> 45 & M | 1
    for slot in slots:
        x = (slot + summand) * first & M
        x = (x ^ x >> 8) * second & M
        rank = (x ^ x >> 8) * third & M
        u = (rank * (f & 0xFFFFFFFF | 1) + (f >> 32) & 0xFFFFFFFF) >> 19
        t = (T[rank] + (T[rank + 1] - T[rank]) * u / 8192) * (1 / weight)
        yield struct.unpack(">Q", struct.pack(">d", t))[0] >> 16

def order(hosts, key):
    h = xxh64(key.encode(), 0)
    block, slot = (h >> 32) * 8 >> 32, h & M
    return [host for host, weight in sorted(hosts, key=lambda host: next(bids(*host, block, [slot])))]

def owners(hosts):
    for block in range(8):
        for slot in zip(*(bids(*host, block, range(2**15)) for host in hosts)):
            yield hosts[slot.index(min(slot))][0]

def compared(v):
    hosts = list(zip(v["hosts"], v["weights"] or [1] * len(v["hosts"])))
    hosts.sort(key=lambda host: (xxh64(host[0].encode(), 0), host[0].encode()))  # of equal bids the first wins
    for key, first in [*v["orders"].items(), *((key, [owner]) for key, owner in v["owners"].items())]:
        yield f"key {key!r}", order(hosts, key)[:len(first)], first
    if len(hosts) <= 10:  # more take too long here
        all_owners = list(owners(hosts))
        yield "slotsPerHost", [all_owners.count(host) for host in v["hosts"]], v["slotsPerHost"]
        yield "sha256", hashlib.sha256("".join(o + "\n" for o in all_owners).encode()).hexdigest(), v["sha256"]

if __name__ == "__main__":
    lists = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
    for v, (what, found, expected) in ((v, compare) for v in lists for compare in compared(v)):
        if found != expected:
            sys.exit(f"{v['name']}: {what}: {found} (expected: {expected})")
    print(f"ok {len(lists)} lists")

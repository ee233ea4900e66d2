#!/usr/bin/env python3
"""Writes the invented geography of the example system: small areas on a tile grid, their deprivation
under both index versions, neighbourhoods, postcodes, networks and practices.

    python3 tools/example-system/make_geography.py system/blmk

The output is part of the repository; run this again only to change it. The same input gives the same
bytes. What is real: the number of small areas per place, how many of them fall in each deprivation
decile, the share of residents per national quintile, residents per place, registered total, and the
practices and networks marked as such. Everything else (codes, names, positions) is invented.
"""
import csv
import math
import os
import sys

OUT = sys.argv[1] if len(sys.argv) > 1 else "system/blmk"

PLACES = {
    # residents, area codes start, small areas per decile 2025 (1..10), share of residents per fifth 2025,
    # small areas per decile 2019 (1..10, on the older boundaries), centres (column, row, weight)
    "bedford": dict(name="Bedford", residents=185224, first=1001, decile25=[5, 12, 11, 12, 9, 18, 22, 11, 11, 6],
                    fifths=[15.6, 19.4, 23.0, 27.6, 14.4], decile19=[4, 10, 11, 12, 10, 10, 14, 13, 10, 9],
                    axis=[(17, 5)], towns=[(17, 6, 6.0)], letters="XB",
                    neighbourhoods=["Bedford Riverside", "Bedford North", "Bedford East", "Bedford Rural"]),
    "central-bedfordshire": dict(name="Central Bedfordshire", residents=294251, first=2001,
                    decile25=[0, 4, 8, 13, 15, 24, 19, 31, 36, 25], fifths=[2.4, 12.6, 22.9, 28.7, 33.4],
                    decile19=[0, 3, 10, 7, 11, 14, 23, 15, 42, 32],
                    axis=[(6, 16), (10, 17), (13, 13), (19, 13), (23, 11)], towns=[(5, 17, 3.0), (10, 19, 4.0), (24, 11, 3.0)],
                    letters="XC",
                    neighbourhoods=["Leighton and Linslade Side", "Downs and Houghton", "Chiltern Villages", "Flit Valley",
                                    "Greensand Ridge", "Ivel North", "Ivel South"]),
    "luton": dict(name="Luton", residents=225261, first=3001, decile25=[17, 27, 20, 18, 12, 7, 6, 14, 4, 0],
                  fifths=[37.0, 32.7, 14.0, 13.7, 2.5], decile19=[4, 29, 18, 18, 21, 7, 9, 10, 5, 0],
                  axis=[(16, 20)], towns=[(16, 20, 5.0)], letters="XL",
                  neighbourhoods=["Luton Central", "Luton North", "Luton South", "Luton West", "Luton East"]),
    "milton-keynes": dict(name="Milton Keynes", residents=287060, first=4001,
                  decile25=[8, 11, 12, 20, 12, 23, 32, 23, 15, 10], fifths=[11.7, 20.2, 20.2, 33.1, 14.7],
                  decile19=[8, 10, 10, 15, 13, 17, 22, 29, 18, 10], axis=[(6, 7)], towns=[(6, 9, 4.0), (3, 5, 2.0)],
                  letters="XM",
                  neighbourhoods=["Wolverton Side", "Grid Squares North", "Grid Squares East", "Campbell and Fishermead Side",
                                  "Bletchley Side", "Ouse Valley"]),
}


def mix(x):
    """splitmix64: the same numbers on every machine."""
    x = (x + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    z = x
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return z ^ (z >> 31)


def noise(*keys):
    h = 20260331
    for k in keys:
        h = mix(h ^ (k & 0xFFFFFFFFFFFFFFFF))
    return h / 2.0**64


def xy(c, r):
    """Centre of the hexagon in odd-r offset layout."""
    return c + (0.5 if r % 2 else 0.0), r * math.sqrt(3) / 2


def neighbours(c, r):
    odd = r % 2
    return [(c - 1, r), (c + 1, r), (c - 1 + odd, r - 1), (c + odd, r - 1), (c - 1 + odd, r + 1), (c + odd, r + 1)]


def dist(a, b):
    return math.hypot(a[0] - b[0], a[1] - b[1])


def to_segment(p, a, b):
    dx, dy = b[0] - a[0], b[1] - a[1]
    n = dx * dx + dy * dy
    t = 0 if n == 0 else max(0, min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / n))
    return dist(p, (a[0] + t * dx, a[1] + t * dy))


def axis_distance(tile, axis):
    p = xy(*tile)
    pts = [xy(*a) for a in axis]
    return dist(p, pts[0]) if len(pts) == 1 else min(to_segment(p, a, b) for a, b in zip(pts, pts[1:]))


def largest_remainder(weights, total):
    s = sum(weights)
    raw = [w * total / s for w in weights]
    out = [int(x) for x in raw]
    for i in sorted(range(len(raw)), key=lambda i: (out[i] - raw[i], i))[: total - sum(out)]:
        out[i] += 1
    return out


def grow():
    """Each place grows outwards from its axis, one tile at a time, always touching itself."""
    owner, tiles = {}, {p: [] for p in PLACES}
    want = {p: sum(v["decile25"]) for p, v in PLACES.items()}
    centre = xy(13, 12)
    while any(len(tiles[p]) < want[p] for p in PLACES):
        place = min((p for p in PLACES if len(tiles[p]) < want[p]), key=lambda p: len(tiles[p]) / want[p])
        axis = PLACES[place]["axis"]
        if not tiles[place]:
            best = axis[len(axis) // 2]
        else:
            edge = {n for t in tiles[place] for n in neighbours(*t) if n not in owner and n[0] >= 0 and n[1] >= 0}
            own = set(tiles[place])
            best = min(edge, key=lambda t: (axis_distance(t, axis) + 0.10 * dist(xy(*t), centre)
                                            - 0.22 * sum(n in own for n in neighbours(*t))
                                            - 0.10 * sum(n in owner for n in neighbours(*t)), t))
        owner[best] = place
        tiles[place].append(best)
    return owner, tiles


def fill_holes(owner, tiles):
    """Moves outlying tiles of a place into holes until the map has none."""
    for _ in range(400):
        cols = [c for c, r in owner]
        rows = [r for c, r in owner]
        box = [(c, r) for c in range(min(cols) - 1, max(cols) + 2) for r in range(min(rows) - 1, max(rows) + 2)]
        free = {t for t in box if t not in owner}
        outside, stack = set(), [min(free)]
        while stack:
            t = stack.pop()
            if t in outside or t not in free:
                continue
            outside.add(t)
            stack += neighbours(*t)
        holes = sorted(free - outside)
        if not holes:
            return
        hole = holes[0]
        around = [owner[n] for n in neighbours(*hole) if n in owner]
        place = max(sorted(set(around)), key=around.count)
        for tile in sorted(tiles[place], key=lambda t: -axis_distance(t, PLACES[place]["axis"])):
            rest = set(tiles[place]) - {tile} | {hole}
            if tile_connected(rest) and sum(n in owner for n in neighbours(*tile)) < 6:
                del owner[tile]
                owner[hole] = place
                tiles[place].remove(tile)
                tiles[place].append(hole)
                break
    raise SystemExit("holes remain")


def tile_connected(rest):
    stack, seen = [next(iter(sorted(rest)))], set()
    while stack:
        t = stack.pop()
        if t in seen:
            continue
        seen.add(t)
        stack += [n for n in neighbours(*t) if n in rest and n not in seen]
    return len(seen) == len(rest)


def smooth(tiles, place_no, rounds):
    value = {t: noise(place_no, t[0], t[1]) for t in tiles}
    for _ in range(rounds):
        value = {t: sum(value.get(n, value[t]) for n in neighbours(*t)) / 12 + value[t] / 2 for t in tiles}
    low, high = min(value.values()), max(value.values())
    return {t: (v - low) / (high - low) for t, v in value.items()}


def partition(tiles, k):
    """Contiguous groups of nearly equal size: farthest-point seeds, then balanced growth."""
    seeds = [min(tiles, key=lambda t: (xy(*t)[0] + xy(*t)[1], t))]
    while len(seeds) < k:
        seeds.append(max(tiles, key=lambda t: (min(dist(xy(*t), xy(*s)) for s in seeds), t)))
    for _ in range(8):  # Lloyd steps
        groups = {i: [] for i in range(k)}
        for t in tiles:
            groups[min(range(k), key=lambda i: (dist(xy(*t), xy(*seeds[i])), i))].append(t)
        for i, g in groups.items():
            cx, cy = sum(xy(*t)[0] for t in g) / len(g), sum(xy(*t)[1] for t in g) / len(g)
            seeds[i] = min(g, key=lambda t: (dist(xy(*t), (cx, cy)), t))
    group = {s: i for i, s in enumerate(seeds)}
    size = [1] * k
    left = set(tiles) - set(seeds)
    while left:
        for i in sorted(range(k), key=lambda i: (size[i], i)):
            edge = {n for t, g in group.items() if g == i for n in neighbours(*t) if n in left}
            if edge:
                best = min(edge, key=lambda t: (dist(xy(*t), xy(*seeds[i])), t))
                group[best] = i
                size[i] += 1
                left.discard(best)
                break
    return group, seeds


def write(name, header, rows):
    path = os.path.join(OUT, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(rows)


def areas_of(place_no, pid, tiles):
    v = PLACES[pid]
    field = smooth(tiles, place_no, 3)

    def need(t):  # higher: more deprived
        town = max(w - dist(xy(*t), xy(c, r)) for c, r, w in v["towns"])
        return 0.55 * field[t] + 0.09 * town + 0.10 * noise(place_no, t[0], t[1], 7)

    ordered = sorted(tiles, key=lambda t: (-need(t), t))
    d25, d19 = {}, {}
    at = 0
    for decile, n in enumerate(v["decile25"], 1):
        for t in ordered[at:at + n]:
            d25[t] = decile
        at += n
    older = sorted(tiles, key=lambda t: (ordered.index(t) + 18 * (noise(place_no, t[0], t[1], 19) - 0.5), t))
    at = 0
    for decile, n in enumerate(largest_remainder(v["decile19"], len(tiles)), 1):
        for t in older[at:at + n]:
            d19[t] = decile
        at += n
    people = {}
    for fifth, total in enumerate(largest_remainder(v["fifths"], v["residents"]), 1):
        mine = [t for t in ordered if (d25[t] + 1) // 2 == fifth]
        sizes = largest_remainder([0.8 + 0.4 * noise(place_no, t[0], t[1], 3) for t in mine], total)
        people.update(zip(mine, sizes))
    numbered = sorted(tiles, key=lambda t: (t[1], t[0]))
    code = {t: f"X0100{v['first'] + i}" for i, t in enumerate(numbered)}
    return numbered, code, people, d25, d19


BIRDS = """Avocet Bittern Blackcap Bluethroat Brambling Bullfinch Bunting Buzzard Chaffinch Chiffchaff Corncrake Crossbill
Curlew Dabchick Dipper Dotterel Dunlin Dunnock Fieldfare Firecrest Fulmar Gannet Godwit Goldcrest Goldeneye Goldfinch
Goshawk Greenfinch Greenshank Guillemot Harrier Hawfinch Heron Hobby Jackdaw Kestrel Kingfisher Kittiwake Knot Lapwing
Linnet Magpie Mallard Martin Merlin Moorhen Nightingale Nightjar Nuthatch Oriole Osprey Ouzel Petrel Pintail Pipit Plover
Pochard Ptarmigan Puffin Quail Redpoll Redshank Redstart Redwing Ringlet Robin Rook Ruff Sanderling Sandpiper Shelduck
Shoveler Siskin Skylark Snipe Starling Stonechat Swallow Swift Teal Tern Thrush Treecreeper Turnstone Wagtail Warbler
Waxwing Wheatear Whimbrel Whinchat Wigeon Woodcock Woodlark Wren Wryneck Yellowhammer""".split()
ENDINGS = ["Example Surgery", "Example Medical Centre", "Example Health Centre", "Example Practice"]

REAL_NETWORKS = [("watling-street", "Watling Street", "milton-keynes"),
                 ("leighton-buzzard", "Leighton Buzzard", "central-bedfordshire"),
                 ("sandhills", "Sandhills", "central-bedfordshire")]
REAL_PRACTICES = [("E81036", "Ivel Medical Centre", "central-bedfordshire", "sandhills"),
                  ("E81057", "Saffron Health Partnership", "central-bedfordshire", "sandhills"),
                  ("E81005", "Bell House Medical Centre", "luton", ""),
                  ("E81032", "Lea Vale Medical Group", "luton", ""),
                  ("E81050", "Asplands Medical Centre (Woburn Sands)", "milton-keynes", ""),
                  ("K82009", "Stony Medical Centre", "milton-keynes", "watling-street"),
                  ("K82067", "Hilltops Medical Centre", "milton-keynes", "watling-street"),
                  ("K82076", "Watling Vale Medical Centre", "milton-keynes", "watling-street"),
                  ("Y06810", "Whitehouse Health Centre", "milton-keynes", "watling-street")]
# 84 practices and 1,146,901 registered people (QOF 2024-25), split by each place's registered population.
PRACTICES = {"bedford": (15, 196848), "central-bedfordshire": (23, 298370), "luton": (23, 260911), "milton-keynes": (23, 328756)}
REGISTERED = 1146901
EXAMPLE_NETWORKS = {"bedford": 4, "central-bedfordshire": 4, "luton": 5, "milton-keynes": 5}
COLOURS = "Amber Azure Bronze Cobalt Copper Coral Emerald Indigo Ivory Jade Lilac Ochre Olive Pearl Russet Sapphire Scarlet Silver".split()


def practices_and_networks(tiles, code, group):
    networks = [(i, n, p, "no") for i, n, p in REAL_NETWORKS]
    colours = iter(COLOURS)
    seeds = {}
    for pid in PLACES:
        _, centres = partition(tiles[pid], EXAMPLE_NETWORKS[pid])
        for s in centres:
            c = next(colours)
            networks.append((f"example-{c.lower()}", f"{c} Example Network", pid, "yes"))
            seeds.setdefault(pid, []).append((s, f"example-{c.lower()}"))
    lists = largest_remainder([n for _, n in PRACTICES.values()], REGISTERED)
    rows, birds, serial = [], iter(BIRDS), 0
    for number, (pid, (count, _)) in enumerate(PRACTICES.items()):
        real = [p for p in REAL_PRACTICES if p[2] == pid]
        numbered = sorted(tiles[pid], key=lambda t: (noise(number, t[0], t[1], 31), t))
        spots = numbered[:count]
        sizes = largest_remainder([math.exp(0.9 * noise(number, i, 41)) for i in range(count)], lists[number])
        for i in range(count):
            t = spots[i]
            near = min(seeds[pid], key=lambda s: (dist(xy(*t), xy(*s[0])), s))[1]
            system = "tpp" if noise(number, i, 51) < (0.75 if pid != "milton-keynes" else 0.55) else "emis"
            if i < len(real):
                rows.append((real[i][0], real[i][1], "no", pid, real[i][3] or near, code[t], sizes[i], system, "", ""))
            else:
                serial += 1
                name = f"{next(birds)} {ENDINGS[serial % 4]}"
                network = near
                if pid == "central-bedfordshire" and i < len(real) + 4:
                    network = "leighton-buzzard"
                rows.append((f"Z0{serial:04d}", name, "yes", pid, network, code[t], sizes[i], system, "", ""))
    write("networks.csv", ["id", "name", "place", "example"], networks)
    write("practices.csv", ["code", "name", "example", "place", "network", "small_area", "list_size", "record_system",
                            "opened", "closed"], sorted(rows))


def main():
    owner, tiles = grow()
    fill_holes(owner, tiles)
    low_c, low_r = min(c for c, r in owner), min(r for c, r in owner)
    low_r -= low_r % 2  # keep odd rows odd
    areas, deprivation, postcodes, names, group_all, code_all = [], [], [], [], {}, {}
    for number, pid in enumerate(PLACES):
        v = PLACES[pid]
        numbered, code, people, d25, d19 = areas_of(number, pid, tiles[pid])
        group, _ = partition(numbered, len(v["neighbourhoods"]))
        ids = [n.lower().replace(" ", "-") for n in v["neighbourhoods"]]
        used = {}
        names += [(i, n, pid, "yes") for i, n in zip(ids, v["neighbourhoods"])]
        for i, t in enumerate(numbered):
            areas.append((code[t], f"{v['name']} example area {i + 1:03d}", pid, ids[group[t]], people[t], t[0] - low_c, t[1] - low_r))
            deprivation += [(code[t], "2019", d19[t]), (code[t], "2025", d25[t])]
            # No postcode area begins with X: none of these postcodes exists.
            for _ in range(8):
                m = used[group[t]] = used.get(group[t], -1) + 1
                unit = m % 40 * 10
                letters = "ABDEFGHJLNPQRSTUWXYZ"
                postcodes.append((f"{v['letters']}{group[t] + 1} {m // 40 + 1}{letters[unit // 20]}{letters[unit % 20]}",
                                  code[t], ""))
        group_all.update(group)
        code_all.update(code)
    write("neighbourhoods.csv", ["id", "name", "place", "example"], names)
    write("small_areas.csv", ["code", "name", "place", "neighbourhood", "residents", "column", "row"], sorted(areas))
    write("deprivation.csv", ["small_area", "version", "decile"], sorted(deprivation))
    write("postcodes.csv", ["postcode", "small_area", "ended"], sorted(postcodes))
    practices_and_networks(tiles, code_all, group_all)
    for pid in PLACES:
        cx = sum(xy(*t)[0] for t in tiles[pid]) / len(tiles[pid]) - low_c
        cy = sum(t[1] for t in tiles[pid]) / len(tiles[pid]) - low_r
        print(pid, len(tiles[pid]), "label", round(cx), round(cy))
    if "--map" in sys.argv:
        for r in range(low_r, max(r for c, r in owner) + 1):
            print((" " if r % 2 else "") + " ".join(owner.get((c, r), ".")[0].upper() if (c, r) in owner else "." for c in range(low_c, max(c for c, r in owner) + 1)))


main()

"""Goals of pages that are read: beside the bare limit, beside a small database, and what they cost by count."""

import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

from bench.load import Sample, answer, get, load
from bench.table import Row
from bench.world import LIST, RELATIONSHIPS, SMALL_LIST, WORKSPACE, World

FIRST_VIEW = 40 * 1024
MOST_CALLS = {"list": 4_000, "Partner information": 1_500}
STAFF_LIST = "/staff/subscriptions/subscription/"
ASSETS = re.compile(rb'(?:href|src)="(/static/[^"#]+\.(?:css|js|svg))')


def beside_the_limit(portal: World, *, rounds: int, seconds: float) -> Iterator[Row]:
    """The list and the bare function by turns, so that whatever else the machine does disturbs both."""
    for connections, least in ((1, 0.35), (8, 0.30), (32, 0.30)):
        pairs = []
        for _round in range(rounds):
            list_ = asked(portal, LIST, "large", connections, seconds)
            pairs.append(
                (
                    list_,
                    load(
                        portal.bare_port, repeat(get(portal.bare_port, "/")), connections=connections, seconds=seconds
                    ),
                )
            )
        ratios = [one.per_second / bare.per_second for one, bare in pairs]
        each = [statistics.median(sample.per_second for sample in both) for both in zip(*pairs, strict=True)]
        failed = sum(one.failed for one, _bare in pairs)
        note = f"{each[0]:,.0f} and {each[1]:,.0f} pages/s" + (f"; {failed} failed" if failed else "")
        yield Row(f"P1 list beside the bare limit, {connections} at once", ratios, least, is_least=True, note=note)


def asked(portal: World, path: str, who: str, connections: int, seconds: float) -> Sample:
    request = get(portal.port, path, portal.sessions[who])
    return load(portal.port, repeat(request), connections=connections, seconds=seconds)


def pages_of(portal: World) -> dict[str, tuple[str, str]]:
    """The pages that are counted: address and person by name."""
    one = f"{LIST}{portal.subscriptions(1)[0]}/"
    found = {
        "list": (LIST, "large"),
        "next page": (_link(portal, LIST, "large", b"after="), "large"),
        "details": (one, "large"),
        "Partner information": (f"{one}partner-of-record/", "large"),
        "relationships": (RELATIONSHIPS, "large"),
        "list of a small organization": (SMALL_LIST, "small"),
        "filter by partner": (f"{LIST}?partner_id=5000007", "large"),
        "search, rare": (f"{LIST}?q=zephyr", "large"),
        "search, no hit": (f"{LIST}?q=nothing+there", "large"),
        "home of the organization": ("/t/bench-1/", "large"),
        "audit log": ("/t/bench-1/settings/audit-log/", "large"),
        "orders": ("/t/bench-1/billing/orders/", "large"),
        "members": ("/t/bench-1/settings/members/", "large"),
        "workspace": (WORKSPACE, "agent"),
        "customers": (f"{WORKSPACE}customers/", "agent"),
        "credits": (f"{WORKSPACE}partner-of-record/", "agent"),
        "staff: subscriptions": (STAFF_LIST, "staff"),
        "staff: subscriptions, rare": (f"{STAFF_LIST}?q=zephyr", "staff"),
        "staff: search": ("/staff/search/?q=zephyr", "staff"),
    }
    return {name: page for name, page in found.items() if page[0]}


def _link(portal: World, path: str, who: str, mark: bytes) -> str:
    found = re.search(rb'href="(\?[^"]*' + mark + rb'[^"]*)"', portal.page(path, who))
    return path + found[1].decode().replace("&amp;", "&") if found else ""


def counted(portal: World, small: World) -> Iterator[Row]:
    """What no other process disturbs: calls, statements and buffers of each page, beside those of the small one."""
    pages = _counts(portal)
    of_small = pages if small is portal else _counts(small)
    for name, most in MOST_CALLS.items():
        yield Row(f"P1b calls of {name}", [pages[name]["calls"]], most)
    for name, page in pages.items():
        told = f"{page['calls']:,} calls, status {page['status']}"
        yield Row(f"P9 statements of {name}", [page["statements"]], 6, note=told)
    for name, page in pages.items():
        if name in of_small:
            ratio = page["buffers"] / max(1, of_small[name]["buffers"])
            yield Row(f"P3 buffers of {name}, beside small", [ratio], 1.3, note=f"{page['buffers']:,} buffers")


def _counts(portal: World) -> Mapping[str, Mapping[str, int]]:
    pages = pages_of(portal)
    told = portal.inside("pages", given=[[path, portal.sessions[who]] for path, who in pages.values()])
    return {name: told[path] for name, (path, _who) in pages.items()}


def grown(portal: World, small: World, *, rounds: int, seconds: float) -> Iterator[Row]:
    """The same page of both sizes by turns."""
    named = {
        "P3": (["list", "next page", "details", "Partner information", "relationships"], 1.15),
        "P8": (["staff: subscriptions", "staff: subscriptions, rare", "staff: search"], 1.5),
    }
    pages, of_small = pages_of(portal), pages_of(small)
    for goal, (names, most) in named.items():
        for name in names:
            yield _against(
                f"{goal} {name}, beside small", (portal, pages[name]), (small, of_small[name]), most, rounds, seconds
            )
    last = (f"{STAFF_LIST}?p=200", "staff")
    yield _against("P8 staff: last page, beside small", (portal, last), (small, last), 1.5, rounds, seconds)


def searched(portal: World, *, rounds: int, seconds: float) -> Iterator[Row]:
    """Beside a page that is found by its ID, whole pages both."""
    pages = pages_of(portal)
    uuid = portal.subscriptions(1)[0]
    credits = pages["credits"][0]
    looked_for = {
        "organization": [(f"{LIST}?q={text}", "large") for text in ("zephyr", "nothing+there", uuid)],
        "partner": [(f"{credits}?q={text}", "agent") for text in ("zephyr", "nothing+there", uuid)],
        "staff": [(f"{STAFF_LIST}?q={text}", "staff") for text in ("zephyr", "nothing+there", uuid)],
    }
    for who, addresses in looked_for.items():
        for what, address in zip(("rare", "no hit", "pasted ID"), addresses, strict=True):
            yield _against(
                f"P4 search of {who}, {what}, beside details",
                (portal, address),
                (portal, pages["details"]),
                5,
                rounds,
                seconds,
            )


Asked = tuple[World, tuple[str, str]]


def _against(goal: str, one: Asked, other: Asked, most: float, rounds: int, seconds: float) -> Row:
    """Medians of times by turns, one at a time."""
    pairs = []
    for _round in range(rounds):
        pairs.append([asked(portal, *page, 1, seconds / 2) for portal, page in (one, other)])
    ratios = [first.median / (second.median or 1) for first, second in pairs]
    times = [statistics.median(sample.median for sample in both) * 1000 for both in zip(*pairs, strict=True)]
    failed = sum(sample.failed for both in pairs for sample in both)
    note = f"{times[0]:.0f} and {times[1]:.0f} ms" + (f"; {failed} failed" if failed else "")
    return Row(goal, ratios, most, note=note)


def sizes(portal: World) -> Iterator[Row]:
    """What a browser fetches first, compressed where the portal does that."""
    for name, (path, who) in pages_of(portal).items():
        if name not in ("list", "relationships", "customers", "home of the organization"):
            continue
        page = portal.page(path, who)
        assets: Sequence[bytes] = sorted(set(ASSETS.findall(page)))
        whole = sum(_sent(portal, each, who) for each in (path, *(each.decode() for each in assets)))
        yield Row(
            f"P10 bytes of the first view of {name}", [whole], FIRST_VIEW, note=f"{len(assets)} files beside it"
        )


def _sent(portal: World, path: str, who: str) -> int:
    return len(answer(portal.port, get(portal.port, path, portal.sessions[who], "br, gzip")))

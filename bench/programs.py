"""What a program reads beside the page of the same list: the API's answer has no page around its rows."""

import statistics
from collections.abc import Iterator
from itertools import repeat

from bench.load import Sample, get, load
from bench.table import Row
from bench.world import LIST, World

API_LIST = "/api/v1/t/bench-1/subscriptions"
ROWS_OF_A_PAGE, MOST = 25, 200
QUERIES = {
    "list": (f"limit={ROWS_OF_A_PAGE}", "", 1.0),
    "search, rare": (f"limit={ROWS_OF_A_PAGE}&q=zephyr", "q=zephyr", 1.0),
    "list with what can be done": (f"limit={ROWS_OF_A_PAGE}&expand=actions", "", 2.0),
    f"list of {MOST} rows": (f"limit={MOST}", "", 3.0),
}


def called(port: int, path: str, token: str) -> bytes:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
    return f"{head}Accept-Encoding: identity\r\nAccept-Language: en\r\n\r\n".encode()


def beside_the_page(portal: World, *, rounds: int, seconds: float) -> Iterator[Row]:
    """Medians of times by turns, one at a time; the page shows 25 rows."""
    token = portal.inside("token")
    for name, (query, of_page, most) in QUERIES.items():
        page = f"{LIST}?{of_page}" if of_page else LIST
        pairs = [_both(portal, f"{API_LIST}?{query}", page, token, seconds / 2) for _round in range(rounds)]
        ratios = [api.median / (shown.median or 1) for api, shown in pairs]
        times = [statistics.median(sample.median for sample in both) * 1000 for both in zip(*pairs, strict=True)]
        failed = sum(sample.failed for both in pairs for sample in both)
        note = f"{times[0]:.0f} and {times[1]:.0f} ms" + (f"; {failed} failed" if failed else "")
        yield Row(f"API's {name}, beside the page", ratios, most, note=note)


def _both(portal: World, path: str, page: str, token: str, seconds: float) -> tuple[Sample, Sample]:
    asked = (called(portal.port, path, token), get(portal.port, page, portal.sessions["large"]))
    api, shown = (load(portal.port, repeat(each), connections=1, seconds=seconds) for each in asked)
    return api, shown

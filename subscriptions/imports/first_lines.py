"""In which line of a file a key stood first: a million keys in a few dozen megabytes, where a dict takes hundreds."""

from array import array
from hashlib import blake2b

AT_FIRST = 1 << 12  # places, of which no more than half are taken


class FirstLines:
    """Knows a key by eight bytes of its hash, and its line by four: two flat rows of places."""

    def __init__(self) -> None:
        self._keys, self._lines, self._count = *_empty(AT_FIRST), 0

    def first(self, key: str, line: int) -> int:
        """The line that has the key first; this one, where it is new."""
        hashed = int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) or 1  # 0 is a place that is free
        place = self._place(hashed)
        if self._keys[place]:
            return self._lines[place]
        self._keys[place], self._lines[place], self._count = hashed, line, self._count + 1
        if self._count * 2 > len(self._keys):
            self._grow()
        return line

    def _place(self, hashed: int) -> int:
        """Where the key is, or the free place where it belongs."""
        keys, mask = self._keys, len(self._keys) - 1
        place = hashed & mask
        while keys[place] not in (0, hashed):
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        keys, lines = self._keys, self._lines
        self._keys, self._lines = _empty(len(keys) * 2)
        for hashed, line in zip(keys, lines, strict=True):
            if hashed:
                place = self._place(hashed)
                self._keys[place], self._lines[place] = hashed, line


def _empty(places: int) -> tuple["array[int]", "array[int]"]:
    return array("Q", bytes(8 * places)), array("I", bytes(4 * places))

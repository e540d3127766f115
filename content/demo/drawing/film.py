"""Makes the committed film: `python -m content.demo.drawing.film`.

The colours of a product, one after the other, a slow step nearer in each. Chromium draws and encodes (VP8); the file
is put together here, with its length and a table of where to start, so that players can jump.
"""

from __future__ import annotations

import base64
import json
import shutil
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page as Tab
from playwright.sync_api import Route, sync_playwright

from content.demo.drawing import families
from content.demo.drawing.catalogue import PRODUCTS
from content.demo.drawing.make import MEDIA, SWITCHES
from content.demo.drawing.pictures import main_picture

FILMED = "hada-dripper"
SIZE = (480, 600)
SECONDS_PER_VIEW = 2
FRAMES_PER_SECOND = 15
BITS_PER_SECOND = 700_000
RGB_AS_BT709, FULL_RANGE, SRGB, BT709 = 1, 2, 13, 1
"""What Chromium makes of a canvas, in the numbers of ITU-T H.273; without them players show it too bright."""
STUDIO = "https://studio.example/"
"""Never asked: the browser encodes only on pages that came over a safe line."""
ENCODE = """
async ({views, size, seconds, rate, bits}) => {
  const [width, height] = size;
  const pictures = await Promise.all(views.map(async svg => {
    const picture = new Image();
    picture.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svg);
    await picture.decode();
    return picture;
  }));
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d');
  const chunks = [];
  const encoder = new VideoEncoder({
    output: chunk => {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      let text = '';
      for (const byte of data) text += String.fromCharCode(byte);
      chunks.push({at: chunk.timestamp / 1000, key: chunk.type === 'key', data: btoa(text)});
    },
    error: trouble => { throw trouble; },
  });
  encoder.configure({codec: 'vp8', width, height, bitrate: bits, framerate: rate});
  const perView = seconds * rate;
  const show = (picture, step, strength) => {
    const nearer = 1 + 0.12 * step, wide = width * nearer, high = height * nearer;
    pen.globalAlpha = strength;
    pen.drawImage(picture, (width - wide) / 2, (height - high) / 2, wide, high);
  };
  for (let number = 0; number < perView * views.length; number++) {
    const view = Math.floor(number / perView), step = (number % perView) / perView;
    show(pictures[view], step, 1);
    const left = perView - number % perView;
    if (left < rate / 3 && view + 1 < views.length) show(pictures[view + 1], 0, 1 - left / (rate / 3));
    const frame = new VideoFrame(canvas, {timestamp: Math.round(number * 1e6 / rate)});
    encoder.encode(frame, {keyFrame: number % perView === 0});
    frame.close();
  }
  await encoder.flush();
  return chunks;
}
"""


@dataclass(frozen=True)
class Chunk:
    """One encoded frame and when it is shown, in milliseconds."""

    at: int
    is_key: bool
    content: bytes


def webm(chunks: Sequence[Chunk], *, size: tuple[int, int], length: int) -> bytes:
    """A WebM file of one VP8 track; `length` in milliseconds. A cluster begins with every key frame."""
    info = _element(
        "1549a966",
        _number("2ad7b1", 1_000_000),
        _element("4489", struct.pack(">d", float(length))),
        _element("4d80", b"portolan"),
        _element("5741", b"portolan"),
    )
    colours = _element(
        "55b0",
        _number("55b1", RGB_AS_BT709),
        _number("55b9", FULL_RANGE),
        _number("55ba", SRGB),
        _number("55bb", BT709),
    )
    picture = _element("e0", _number("b0", size[0]), _number("ba", size[1]), colours)
    track = _element("ae", _number("d7", 1), _number("73c5", 1), _number("83", 1), _element("86", b"V_VP8"), picture)
    head = info + _element("1654ae6b", track)
    clusters = [(parts[0].at, _cluster(parts)) for parts in _clusters(chunks)]
    cues = _cues(clusters, len(head))
    body = head + cues + b"".join(data for _at, data in clusters)
    start = _element(
        "1a45dfa3",
        _number("4286", 1), _number("42f7", 1), _number("42f2", 4), _number("42f3", 8),
        _element("4282", b"webm"), _number("4287", 2), _number("4285", 2),
    )  # fmt: skip
    return start + _element("18538067", body)


def _clusters(chunks: Sequence[Chunk]) -> Iterator[list[Chunk]]:
    group: list[Chunk] = []
    for chunk in chunks:
        if chunk.is_key and group:
            yield group
            group = []
        group.append(chunk)
    yield group


def _cluster(chunks: Sequence[Chunk]) -> bytes:
    first = chunks[0].at
    blocks = b"".join(
        _element("a3", b"\x81" + struct.pack(">hB", chunk.at - first, 0x80 if chunk.is_key else 0) + chunk.content)
        for chunk in chunks
    )
    return _element("1f43b675", _number("e7", first), blocks)


def _cues(clusters: Sequence[tuple[int, bytes]], offset: int) -> bytes:
    """Where each cluster begins, counted from the start of the segment. Numbers have eight bytes: the size is known."""

    def table(before: int) -> bytes:
        points, place = b"", before
        for at, data in clusters:
            where = _element("b7", _number("f7", 1), _number("f1", place))
            points += _element("bb", _number("b3", at), where)
            place += len(data)
        return _element("1c53bb6b", points)

    return table(offset + len(table(0)))


def _number(name: str, value: int) -> bytes:
    return _element(name, struct.pack(">Q", value))


def _element(name: str, *content: bytes) -> bytes:
    data = b"".join(content)
    return bytes.fromhex(name) + struct.pack(">Q", 1 << 56 | len(data)) + data


def main() -> None:
    """Draw, encode, write."""
    families.load()
    product = next(product for product in PRODUCTS if product.code == FILMED)
    views = [main_picture(product, colour) for colour in product.colours]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        tab = browser.new_page()
        chunks = _encoded(tab, views)
        browser.close()
    length = SECONDS_PER_VIEW * 1000 * len(views)
    target = MEDIA / "films" / f"{FILMED}.webm"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(webm(chunks, size=SIZE, length=length))
    about = {"product": FILMED, "width": SIZE[0], "height": SIZE[1], "seconds_per_view": SECONDS_PER_VIEW}
    about_path: Path = target.with_suffix(".json")
    about_path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _encoded(tab: Tab, views: Sequence[str]) -> list[Chunk]:
    def answer(route: Route) -> None:
        route.fulfill(body="<!doctype html><title>studio</title>", content_type="text/html")

    tab.route(f"{STUDIO}**", answer)
    tab.goto(STUDIO)
    asked = {
        "views": views, "size": SIZE, "seconds": SECONDS_PER_VIEW, "rate": FRAMES_PER_SECOND, "bits": BITS_PER_SECOND,
    }  # fmt: skip
    found = tab.evaluate(ENCODE, asked)
    return [Chunk(round(one["at"]), one["key"], base64.b64decode(one["data"])) for one in found]


if __name__ == "__main__":
    main()

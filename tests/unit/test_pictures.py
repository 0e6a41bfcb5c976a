"""Pictures that come in: what is taken, what is refused, and what is left of it."""

import random
from typing import Any

import pytest
from PIL import Image

from paytm.errors import InvalidPicture, PictureTooLarge
from paytm.media import pictures
from paytm.media.pictures import clean, from_data_url
from tests.pictures import BLUE, RED, SVG, bomb, data_url, decoded, drawn, encoded, polyglot

_ORIENTATION, _CAMERA, _GPS = 0x0112, 0x010F, 0x8825
TRANSPARENT = (*RED, 128)


def _near(found: Any, colour: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 25 for one, other in zip(found, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_looks_the_same_afterwards(kind: str) -> None:
    picture = clean(encoded(kind=kind), side=512)

    image = decoded(picture.content)
    assert (picture.kind, image.format, image.size) == ("image/jpeg", "JPEG", (40, 20))
    assert _near(image.getpixel((5, 5)), RED)
    assert _near(image.getpixel((35, 5)), (0, 0, 0))


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "P", "RGB"])
def test_every_kind_of_colours_is_taken(mode: str) -> None:
    picture = clean(encoded(Image.new(mode, (9, 9))), side=512)

    assert decoded(picture.content).mode == "RGB"


def test_a_print_shop_s_colours_are_taken() -> None:
    assert decoded(clean(encoded(Image.new("CMYK", (9, 9)), "JPEG"), side=512).content).mode == "RGB"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_stays_so(kind: str) -> None:
    picture = clean(encoded(drawn(mode="RGBA", colour=TRANSPARENT), kind, lossless=True), side=512)

    image = decoded(picture.content)
    assert (picture.kind, image.mode) == ("image/webp", "RGBA")
    assert (image.getpixel((5, 5))[3], image.getpixel((35, 5))[3]) == (128, 0)


def test_a_transparency_that_nothing_uses_is_dropped() -> None:
    assert clean(encoded(Image.new("RGBA", (9, 9), (*RED, 255))), side=512).kind == "image/jpeg"


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "MPO"])
def test_of_several_pictures_the_first_is_left(kind: str) -> None:
    first, second = Image.new("RGB", (9, 9), RED), Image.new("RGB", (9, 9), BLUE)

    image = decoded(clean(encoded(first, kind, save_all=True, append_images=[second]), side=512).content)

    assert (image.format, getattr(image, "n_frames", 1)) == ("JPEG", 1)
    assert _near(image.getpixel((5, 5)), RED)


@pytest.mark.parametrize(
    ("size", "left"), [((800, 400), (100, 50)), ((30, 900), (3, 100)), ((100, 100), (100, 100)), ((9000, 1), (100, 1))]
)
def test_a_picture_is_scaled_down_and_never_up(size: tuple[int, int], left: tuple[int, int]) -> None:
    assert decoded(clean(encoded(drawn(*size), "JPEG"), side=100).content).size == left


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_orientation_is_applied(kind: str) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = 6

    image = decoded(clean(encoded(kind=kind, exif=exif), side=512).content)

    assert image.size == (20, 40)
    assert _near(image.getpixel((5, 5)), RED)
    assert _near(image.getpixel((5, 35)), (0, 0, 0))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_nothing_is_left_but_what_is_seen(kind: str, mode: str) -> None:
    if (kind, mode) == ("JPEG", "RGBA"):
        return
    exif = Image.Exif()
    exif[_CAMERA] = "Secret camera"
    exif[_GPS] = {1: "N", 2: (19.0, 4.0, 33.0)}
    notes = {"exif": exif, "icc_profile": b"Secret profile", "xmp": b"Secret xmp", "comment": b"Secret comment"}

    picture = clean(encoded(drawn(mode=mode, colour=TRANSPARENT[: len(mode)]), kind, **notes), side=512)

    assert b"Secret" not in picture.content
    assert b"Exif" not in picture.content
    assert not decoded(picture.content).getexif()


def test_a_picture_that_is_a_page_too_is_a_picture_only() -> None:
    assert b"<script>" in polyglot()

    picture = clean(polyglot(), side=512)

    assert decoded(picture.content).size == (40, 20)
    assert b"script" not in picture.content
    assert b"html" not in picture.content


@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (10_001, 1), (1, 10_001), (5001, 5000), (9900, 9900)])
def test_many_pixels_are_refused_before_they_are_decoded(width: int, height: int) -> None:
    with pytest.raises(PictureTooLarge):
        clean(bomb(width, height), side=512)


def test_a_jpeg_of_many_scans_is_refused() -> None:
    sound = encoded(drawn(300, 300), "JPEG", progressive=True)
    scan = sound[sound.rindex(b"\xff\xda") : -2]
    assert clean(sound, side=512).kind == "image/jpeg"

    with pytest.raises(PictureTooLarge):
        clean(sound[:-2] + scan * 500 + sound[-2:], side=512)


def test_many_bytes_are_refused() -> None:
    with pytest.raises(PictureTooLarge):
        clean(encoded() + bytes(pictures.MOST_BYTES), side=512)


JPEG = encoded(drawn(300, 300), "JPEG")
BAD = {
    "nothing": b"",
    "text": b"Hello",
    "SVG with a script": SVG,
    "page": b"<html><script>alert(1)</script></html>",
    "half a JPEG": JPEG[: len(JPEG) // 2],
    "head of a JPEG": JPEG[:20],
    "half a PNG": encoded(drawn(300, 300))[:300],
    "half a WebP": encoded(drawn(300, 300), "WEBP")[:60],
    "half a GIF": encoded(drawn(300, 300), "GIF")[:60],
    "BMP": encoded(kind="BMP"),
    "TIFF": encoded(kind="TIFF"),
    "ICO": encoded(kind="ICO"),
    "PDF": encoded(kind="PDF"),
    "no pixels": bomb(0, 0),
    "too few pixels": bomb(500, 500),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_what_is_no_sound_picture_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidPicture):
        clean(data, side=512)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_damaged_picture_is_cleaned_or_refused_and_breaks_nothing(kind: str) -> None:
    sound, dice = encoded(kind=kind), random.Random(kind)

    for _ in range(150):
        damaged = bytearray(sound)
        for _ in range(3):
            damaged[dice.randrange(len(sound))] = dice.randrange(256)
        try:
            assert decoded(clean(bytes(damaged), side=16).content)
        except (InvalidPicture, PictureTooLarge):
            continue


@pytest.mark.parametrize("head", ["data:image/png;base64", "DATA:image/PNG;BASE64", "data:image/x;name=a;base64"])
def test_a_data_url_is_read_whatever_it_calls_itself(head: str) -> None:
    assert from_data_url(f"{head},{data_url(JPEG).partition(',')[2]}") == JPEG


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            ",",
            "data:",
            "data:image/png,x",
            "data:image/png;base64",
            "data:text/html;base64,AAAA",
            "https://a/b.png",
        ),
        *(
            "data:image/png;base64,AAA",
            "data:image/png;base64,A A=",
            "data:image/png;base64,é",
            "data:image/png;base64,\0",
        ),
        "data:image/svg+xml," + SVG.decode(),
    ],
)
def test_what_is_no_data_url_is_refused(text: str) -> None:
    with pytest.raises(InvalidPicture):
        from_data_url(text)


@pytest.mark.parametrize("size", [pictures.MOST_BYTES + 1, 6 * 1024 * 1024])
def test_a_data_url_of_many_bytes_is_refused(size: int) -> None:
    with pytest.raises(PictureTooLarge):
        from_data_url(data_url(bytes(size)))

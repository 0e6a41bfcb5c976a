"""What comes in as a picture, made safe: decoded within bounds, scaled down, and written anew from its pixels alone."""

import warnings
from base64 import b64decode
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from paytm.errors import ApiError, InvalidPicture, PictureTooLarge

# Of the file that comes in.
MOST_BYTES = 5 * 1024 * 1024
# Of a request that brings one, as a data URL that is a third longer, and whatever stands beside it.
MOST_BODY_BYTES = MOST_BYTES * 4 // 3 + 64 * 1024

# What a camera takes; each pixel costs up to 16 bytes while it is decoded, however small the file is.
_MOST_PIXELS = 25_000_000
_LONGEST_SIDE = 10_000
# Each scan of a progressive JPEG goes over all pixels, and takes a few bytes; a camera makes ten.
_SCAN, _MOST_SCANS = b"\xff\xda", 200
# Pillow reads many more, whose decoders are tried less.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# What a JPEG may turn out to be: one of several pictures, of which the first is read.
_JPEGS = ("JPEG", "MPO")
_QUALITY = 85
_OPAQUE = 255

# Pillow's own bound, far above ours, only warns; as an error it stops a picture before it is ours to measure.
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A picture of ours: ``content`` is the file, ``kind`` its media type."""

    content: bytes
    kind: str


def from_data_url(text: str) -> bytes:
    """Return the bytes of a data URL, ``data:image/…;base64,…``; which format it names is not believed.

    :raises InvalidPicture: it is no such URL, or not base64.
    :raises PictureTooLarge: the bytes are too many.
    """
    head, _, encoded = text.partition(",")
    head = head.lower()
    if not (encoded and head.startswith("data:image/") and head.endswith(";base64")):
        raise InvalidPicture
    if len(encoded) > MOST_BODY_BYTES:
        raise PictureTooLarge
    try:
        data = b64decode(encoded, validate=True)
    except ValueError as error:
        raise InvalidPicture from error
    if len(data) > MOST_BYTES:
        raise PictureTooLarge
    return data


def clean(data: bytes, *, side: int) -> Picture:
    """Return a picture written anew: upright, and without anything but what is seen; of an animation the first frame.

    It takes seconds of the processor at worst; see :class:`paytm.offload.Offload`.

    :param data: a JPEG, PNG, WebP or GIF.
    :param side: the longest side that it may have afterwards, in pixels.
    :raises InvalidPicture: it is none of these, or damaged.
    :raises PictureTooLarge: it has too many bytes or pixels.
    """
    if len(data) > MOST_BYTES:
        raise PictureTooLarge
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            # Known from the file's head, before any pixel is decoded.
            if max(image.size) > _LONGEST_SIDE or image.width * image.height > _MOST_PIXELS:
                raise PictureTooLarge
            if image.format in _JPEGS and data.count(_SCAN) > _MOST_SCANS:
                raise PictureTooLarge
            return _written(_upright(image, side))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLarge from error
    except ApiError:
        raise
    except Exception as error:
        # Decoders meet a damaged file with whatever breaks first: SyntaxError, IndexError, struct.error, OSError.
        raise InvalidPicture from error


def _upright(image: Image.Image, side: int) -> Image.Image:
    # A large JPEG is decoded at a half, a quarter or an eighth, if that is enough.
    image.draft("RGB", (side, side))
    mode = "RGBA" if image.has_transparency_data else "RGB"
    # Converting copies, even into the same mode.
    pixels = image if image.mode == mode else image.convert(mode)
    pixels.thumbnail((side, side), Image.Resampling.LANCZOS)
    return ImageOps.exif_transpose(pixels)


def _written(pixels: Image.Image) -> Picture:
    if pixels.mode == "RGBA" and pixels.getchannel("A").getextrema() == (_OPAQUE, _OPAQUE):
        pixels = pixels.convert("RGB")
    # Encoders copy comments and profiles from here.
    pixels.info = {}
    kind = "WEBP" if pixels.mode == "RGBA" else "JPEG"
    file = BytesIO()
    pixels.save(file, kind, quality=_QUALITY)
    return Picture(file.getvalue(), Image.MIME[kind])

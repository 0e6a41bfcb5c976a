"""Pictures for the demo: drawn here, because nothing of it comes from the network."""

import random
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

_SIDE = 256
# On which white can be read.
_COLOURS = ("#b3541e", "#2f6f4f", "#3b5b92", "#8a3b6b", "#6b5b2f", "#5b4a8a")


def lettered(words: str) -> bytes:
    """Return a coloured square, as PNG, with the initials of a name."""
    initials = "".join(word[0] for word in words.split()[:2]).upper()
    image = Image.new("RGB", (_SIDE, _SIDE), random.choice(_COLOURS))  # noqa: S311
    font = ImageFont.load_default(size=_SIDE // 2)
    ImageDraw.Draw(image).text((_SIDE // 2, _SIDE // 2), initials, fill="white", font=font, anchor="mm")
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()

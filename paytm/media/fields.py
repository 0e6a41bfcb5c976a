"""How pictures come in and go out."""

from typing import Any

from marshmallow import ValidationError, fields

from paytm.errors import InvalidPicture
from paytm.media import album, pictures


class PictureData(fields.Field[bytes]):
    """A picture that comes in: a data URL in JSON, or a file in a form; its bytes inside."""

    def __init__(self, **options: Any) -> None:
        described = {"type": "string", "description": "data:image/…;base64,… of at most 5 MiB"}
        super().__init__(metadata=described, **options)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bytes:
        if not isinstance(value, bytes | str):
            raise ValidationError("Not a data URL.")
        data = value if isinstance(value, bytes) else pictures.from_data_url(value)
        if not data:
            raise InvalidPicture
        return data


class PictureUrl(fields.Field[str]):
    """Where a picture is fetched; null without one, or what else ``dump_default`` says."""

    def __init__(self, *, dump_default: Any = None, **options: Any) -> None:
        super().__init__(
            dump_default=dump_default,
            allow_none=True,
            metadata={"type": "string", "description": "a path on this host"},
            **options,
        )

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str | None:
        return None if value is None else album.url(value)

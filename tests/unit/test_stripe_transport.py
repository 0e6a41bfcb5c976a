"""Which answers are Stripe's."""

import pytest

from paytm.payment import transport


@pytest.mark.parametrize("status", [302, 400, 403, 407, 502])
@pytest.mark.parametrize("body", ["", "<html>", "[]", "null", "{}", '{"error": "denied"}', '{"error":', "[" * 100_000])
def test_what_something_on_the_way_answers_is_not(status: int, body: str) -> None:
    assert not transport._is_stripes(body, status)


@pytest.mark.parametrize("body", ["", "<html>", "[]", "{}", '{"error": {}}', '{"object": "list"'])
def test_a_200_without_an_object_is_not(body: str) -> None:
    assert not transport._is_stripes(body, 200)


def test_objects_and_errors_are() -> None:
    assert transport._is_stripes('{"object": "list"}', 200)
    assert transport._is_stripes('{"error": {"type": "api_error"}}', 500)

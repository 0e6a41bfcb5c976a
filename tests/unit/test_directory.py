"""How people's names are searched."""

from paytm.user.directory import search_fields


def test_a_name_is_searched_over_its_gap() -> None:
    fields = search_fields("Asha", "Rao")

    assert fields["searchName"] == "asha rao"
    assert {"a r", " ra", "a ", "o"} <= set(fields["grams"])
    assert fields["grams"] == sorted(fields["grams"])

"""Who sees whom online, and may tell whom that they are typing."""

from collections.abc import Callable, Collection, Iterator, Mapping

from bson import ObjectId

from paytm.realtime import presence

# Returns whom a user has to do with; it is so both ways.
Contacts = Callable[[ObjectId], Collection[ObjectId]]
# Returns for each of some users who is hidden from the user, and the user from them.
Apart = Callable[[Collection[ObjectId]], Mapping[ObjectId, Collection[ObjectId]]]


class Sight:
    """What people see of each other.

    :param contacts: are seen, without those who are apart.
    :param apart: are not seen in any case.
    :param is_open: whether everybody else is seen, too.
    """

    def __init__(self, contacts: Contacts, apart: Apart, *, is_open: bool) -> None:
        self.contacts = contacts
        self._apart = apart
        self.is_open = is_open

    def online(self, user_id: ObjectId) -> list[str]:
        """Return who is online, as a user sees it."""
        if self.is_open:
            ((_, seen),) = self.all_online([user_id])
            return seen
        return _seen(presence.is_online(self.contacts(user_id)), {user_id})

    def all_online(self, user_ids: Collection[ObjectId]) -> Iterator[tuple[ObjectId, list[str]]]:
        """Yield who is online as each of some users sees it, where everybody is seen."""
        online, apart = presence.everybody(), self._apart(user_ids)
        yield from ((user_id, _seen(online, {user_id, *apart[user_id]})) for user_id in user_ids)

    def reaches(self, user_id: ObjectId, to: ObjectId) -> bool:
        """Tell whether a user may be noticed by another one."""
        if self.is_open:
            return to not in self._apart([user_id])[user_id]
        return to in self.contacts(user_id)


def _seen(online: Collection[ObjectId], hidden: Collection[ObjectId]) -> list[str]:
    return [str(user_id) for user_id in online if user_id not in hidden]

"""Settings of the tests that need no server."""

from hypothesis import settings

# A machine that is busy with other tests is slow, and nothing is wrong with it.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")

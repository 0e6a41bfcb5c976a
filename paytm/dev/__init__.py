"""The developer's environment, an embedded MongoDB and the runner behind `make run`; never in production."""

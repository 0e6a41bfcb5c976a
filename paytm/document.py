"""The API document: when it is written."""

from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint


class LazyApi(Api):  # type: ignore[misc]
    """Writes the API document when somebody reads it, so that no process takes the time for it when it starts."""

    def init_app(self, app: Flask, **options: Any) -> None:
        self._unwritten: list[Blueprint] = []
        super().init_app(app, **options)

    def register_blueprint(self, blueprint: Blueprint) -> None:
        """Register what a blueprint serves; it is documented later."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint)
        self._unwritten.append(blueprint)

    @property
    def spec(self) -> Any:
        while self._unwritten:
            blueprint = self._unwritten.pop(0)
            blueprint.register_views_in_doc(self, self._app, self._spec, name=blueprint.name, parameters=None)
            self._spec.tag({"name": blueprint.name, "description": blueprint.description})
        return self._spec

    @spec.setter
    def spec(self, empty: Any) -> None:
        self._spec = empty

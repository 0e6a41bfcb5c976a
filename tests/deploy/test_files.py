"""The files of docker/: what reads them finds nothing wrong with them."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy import composition
from tests.server import ROOT

DOCKERFILE = ROOT / "docker/Dockerfile"


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program of those that check files, if it is installed."""
    if composition.program(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    environment = {**os.environ, "PATH": composition.PATH, **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("file", ["docker-compose.yml", "compose.test.yml"])
def test_docker_compose_takes(file: str) -> None:
    done = run("docker-compose", "--file", str(ROOT / "docker" / file), "config", "--quiet")

    assert (done.returncode, done.stderr) == (0, "")


def test_hadolint_has_no_complaint() -> None:
    done = run("hadolint", "--no-color", str(DOCKERFILE))

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("edge", ["http", "https"])
def test_nginx_takes_each_edge(edge: str, tmp_path: Path) -> None:
    run("sh", str(ROOT / "docker/secrets.sh"), str(tmp_path / "secrets"))
    (tmp_path / "nginx").mkdir()
    for file in (ROOT / "docker/nginx").iterdir():
        text = file.read_text().replace("/tmp/", f"{tmp_path}/").replace("/run/secrets", f"{tmp_path}/secrets")
        # Names that nobody here knows.
        (tmp_path / "nginx" / file.name).write_text(text.replace("api1:", "127.0.0.1:").replace("api2:", "127.0.0.1:"))

    done = run("nginx", "-t", "-c", f"{tmp_path}/nginx/{edge}.conf")

    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_secrets_are_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    first = run("sh", str(ROOT / "docker/secrets.sh"), str(folder))
    made = {file.name: file.read_bytes() for file in folder.iterdir()}
    second = run("sh", str(ROOT / "docker/secrets.sh"), str(folder))

    assert (first.returncode, second.returncode, second.stdout) == (0, 0, "")
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == made
    assert folder.stat().st_mode & 0o777 == 0o700


def test_every_secret_of_the_compose_file_is_made(tmp_path: Path) -> None:
    run("sh", str(ROOT / "docker/secrets.sh"), str(tmp_path))
    used = {secret["source"] for service in _services().values() for secret in service.get("secrets", [])}

    assert used == {file.name for file in tmp_path.iterdir()}


def test_only_the_proxy_can_be_reached() -> None:
    services = _services()
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}

    assert {name for name, found in ports.items() if any("host_ip" not in port for port in found)} == {"proxy"}
    assert {port["host_ip"] for port in ports["grafana"]} == {"127.0.0.1"}
    assert all(set(services[name]["networks"]) == {"database"} for name in ("mongo1", "mongo2", "mongo3"))


def test_the_image_leaves_the_embedded_mongodb_out() -> None:
    application = DOCKERFILE.read_text().partition("AS tests")[0]

    assert "fiftyone" not in (ROOT / "requirements.txt").read_text()
    assert "requirements-mongod" not in application
    assert "requirements-dev" not in application


def test_who_is_not_watched_runs_nothing_for_it() -> None:
    assert {name for name, service in _services().items() if "profiles" in service} == {"prometheus", "grafana"}


def test_prometheus_asks_each_api_server_itself() -> None:
    (scraped,) = yaml.safe_load((ROOT / "docker/prometheus/prometheus.yml").read_text())["scrape_configs"]
    services = _services()
    serving = {f"{name}:3000" for name, service in services.items() if "gunicorn" in (service["command"] or [])}

    assert set(scraped["static_configs"][0]["targets"]) == serving
    token = services["api1"]["environment"]["METRICS_TOKEN_FILE"]
    assert scraped["authorization"]["credentials_file"] == token
    assert Path(token).name in {secret["source"] for secret in services["prometheus"]["secrets"]}


def _services() -> dict[str, dict[str, Any]]:
    if composition.program("docker-compose") is None:
        pytest.skip("docker-compose is not installed")
    return composition.services()

"""The Kubernetes base: good by the API's own schemas, locked down, and every stage runs somewhere."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tocsin.app import INPUTS
from tocsin.checking import destination_faults
from tocsin.config import load_config

BASE = Path(__file__).parents[2] / "deploy" / "kubernetes"
Found = Mapping[str, Any]


def written() -> list[Found]:
    """Every object of the resources, as they stand in the files."""
    listed = yaml.safe_load((BASE / "kustomization.yaml").read_text("utf-8"))["resources"]
    return [one for name in listed for one in yaml.safe_load_all((BASE / name).read_text("utf-8"))]


def made() -> list[Found]:
    """Every object as kubectl would send it; as written where there is no kubectl."""
    if shutil.which("kubectl") is None:
        return written()
    done = subprocess.run(["kubectl", "kustomize", BASE], capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def stages() -> list[Found]:
    return [one for one in written() if one["kind"] == "StatefulSet"]


def container(of: Found) -> Found:
    (one,) = of["spec"]["template"]["spec"]["containers"]
    found: Found = one
    return found


@pytest.mark.parametrize("version", ["1.30", "1.34"])
def test_every_object_is_what_the_api_takes(version: str) -> None:
    for one in made():
        kubernetes_validate.validate(dict(one), version, strict=True)


def test_every_file_is_part_of_the_base() -> None:
    listed = yaml.safe_load((BASE / "kustomization.yaml").read_text("utf-8"))["resources"]
    assert {*listed, "kustomization.yaml"} == {path.name for path in BASE.glob("*.yaml")}


def test_each_stage_runs_once_and_every_process_answers_its_probes() -> None:
    named = [container(one)["args"][-1].split(",") for one in stages()]
    assert sorted(stage for names in named for stage in names if stage != "desk") == sorted(INPUTS)
    assert all("desk" in names for names in named)
    for one in stages():
        asked = {container(one)[f"{probe}Probe"]["httpGet"]["path"] for probe in ("startup", "liveness", "readiness")}
        assert asked == {"/livez", "/readyz"}
        assert container(one)["args"][0] == "run"


def test_nothing_runs_as_root_writes_its_root_or_may_do_anything() -> None:
    for one in stages():
        pod, box = one["spec"]["template"]["spec"], container(one)
        assert pod["securityContext"]["runAsNonRoot"]
        assert not pod["automountServiceAccountToken"]
        assert box["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip
        assert box["resources"]["limits"]["memory"]
        assert {mount["mountPath"] for mount in box["volumeMounts"] if not mount.get("readOnly")} == {
            "/var/lib/tocsin",
            "/tmp",
        }


def test_the_configuration_is_good_where_it_comes_to_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the kubelet mounts it: links into a folder of links."""
    for name in ("TOCSIN_DESK_TOKEN", "POD_NAME"):
        monkeypatch.setenv(name, "x")
    (volume,) = [v for v in stages()[0]["spec"]["template"]["spec"]["volumes"] if v["name"] == "config"]
    for item in volume["configMap"]["items"]:
        target = tmp_path / "..data" / item["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((BASE / "config" / item["key"]).read_text("utf-8"), encoding="utf-8")
    for path in (tmp_path / "..data").iterdir():
        (tmp_path / path.name).symlink_to(Path("..data") / path.name)
    config = load_config(tmp_path)
    assert destination_faults(config) == []
    assert (len(config.feeds), len(config.subscriptions)) == (13, 1)
    assert config.state == Path("/var/lib/tocsin")

"""What import-linter cannot see: foreign keys, templates and urls point down the floors too."""

import configparser
import re

from django.apps import apps

from tests.support.source import PACKAGE, ROOT, name_of, python_files


def floors():
    """App name to height, from the one list in .importlinter."""
    read = configparser.ConfigParser()
    read.read(ROOT / ".importlinter")
    layers = read["importlinter:contract:floors"]["layers"].split("\n")
    rows = [row.strip() for row in layers if row.strip()]
    return {
        name.strip(): height for height, row in enumerate(reversed(rows)) for name in row.split("|")
    }


def test_every_folder_of_the_package_has_a_floor():
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert folders == set(floors())


def test_foreign_keys_point_down_or_stay():
    height = floors()
    found = []
    for model in apps.get_models():
        app = model._meta.app_config.name.removeprefix("townhall.")
        for field in model._meta.get_fields():
            if not field.concrete or not field.is_relation or not field.related_model:
                continue
            other = field.related_model._meta.app_config.name.removeprefix("townhall.")
            if other != app and height[other] >= height[app]:
                found.append(f"{model.__name__}.{field.name} points up at {other}")
    assert found == []


def test_templates_include_only_what_is_below():
    height = floors()
    found = []
    uses = re.compile(r"(?:include|extends|import|from) ['\"]([a-z_]+)/")
    for path in PACKAGE.rglob("templates/**/*.html"):
        app = path.relative_to(PACKAGE).parts[0]
        found += [
            f"{name_of(path)} uses {other}"
            for other in uses.findall(path.read_text())
            if other in height and other != app and height[other] >= height[app]
        ]
    assert found == []


def test_no_app_looks_up_another_by_name():
    """`apps.get_model("people.Person")` would hide an arrow from the floors."""
    found = [
        name_of(path)
        for path in python_files(PACKAGE)
        if "project" not in path.parts
        and re.search(r"\bget_model\(|import_module\(|import_string\(", path.read_text())
    ]
    assert found == []

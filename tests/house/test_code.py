"""House rules about code that no linter of ours can see."""

import ast

import pytest

from tests.support.source import PACKAGE, name_of, python_files, tree

BROAD_IS_ALLOWED = ("src/townhall/outbox/worker.py", "src/townhall/project/")


def calls(path):
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def dotted(node):
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("name", ["eval", "exec", "compile", "__import__"])
def test_nothing_runs_text_as_code(name):
    assert [
        name_of(p) for p in python_files(PACKAGE) for c in calls(p) if dotted(c.func) == name
    ] == []


def only_refuses(function):
    """Its body is a docstring, if any, and a `raise`: it changes nothing, it forbids."""
    body = [node for node in function.body if not isinstance(node, ast.Expr)]
    return len(body) == 1 and isinstance(body[0], ast.Raise)


def test_no_model_overrides_save_or_delete():
    found = [
        f"{name_of(path)} {node.name}"
        for path in python_files(PACKAGE)
        if path.name == "models.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
        if not only_refuses(node)
    ]
    assert found == []


def test_only_the_clock_reads_the_time():
    readers = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    found = {
        name_of(path)
        for path in python_files(PACKAGE)
        for call in calls(path)
        if dotted(call.func) in readers
    }
    assert found <= {"src/townhall/project/clock.py"}


def test_broad_handlers_stand_only_where_they_may():
    found = {
        name_of(path)
        for path in python_files(PACKAGE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or dotted(node.type) in {"Exception", "BaseException"})
    }
    assert {name for name in found if not name.startswith(BROAD_IS_ALLOWED)} == set()


def test_wiring_holds_tables_and_no_logic():
    allowed = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Expr)
    wiring = tree(PACKAGE / "project" / "wiring.py")
    assert [ast.dump(node)[:60] for node in wiring.body if not isinstance(node, allowed)] == []
    logic = (ast.Lambda, ast.If, ast.IfExp, ast.For, ast.ListComp, ast.DictComp, ast.GeneratorExp)
    assert [node for node in ast.walk(wiring) if isinstance(node, logic)] == []


# A step inside another action, which says when and writes the audit row.
STEPS = {
    "src/townhall/outbox/actions.py forget",
    "src/townhall/definitions/actions.py take_place",
}
# Told of elsewhere: an event by the action that causes it, a purge by its own row, which stays.
ACCOUNTED_FOR = {
    "src/townhall/outbox/actions.py add",
    "src/townhall/retention/actions.py run",
    "src/townhall/submissions/actions.py note_milestone",
}


def test_each_function_in_actions_is_told_who_or_when():
    """An action is `verb_noun(…, *, by, at)`: it cannot be called without saying when."""
    found = [
        f"{name_of(path)} {node.name}"
        for path in python_files(PACKAGE)
        if path.name == "actions.py"
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if "at" not in {argument.arg for argument in node.args.kwonlyargs}
    ]
    assert set(found) <= STEPS


def reaches(module, function, wanted):
    """Whether a function calls `wanted`, itself or through others of its module."""
    inside = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    seen, ahead = set(), [function]
    while ahead:
        name = ahead.pop()
        if name == wanted:
            return True
        if name in inside and name not in seen:
            seen.add(name)
            ahead += [
                dotted(node.func) for node in ast.walk(inside[name]) if isinstance(node, ast.Call)
            ]
            ahead += [node.id for node in ast.walk(inside[name]) if isinstance(node, ast.Name)]
    return False


def test_each_action_writes_an_audit_row():
    found = [
        f"{name_of(path)} {node.name}"
        for path in python_files(PACKAGE)
        if path.name == "actions.py" and path.parent.name != "audit"
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if not reaches(tree(path), node.name, "record")
    ]
    assert set(found) <= STEPS | ACCOUNTED_FOR

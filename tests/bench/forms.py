"""Large published forms beside the small one: `python -m tests.bench.forms FOLDER SERVICE…`.

The folder is published and each service walked along the longest of some random routes. At each
page it is timed how long the first request takes, and what the next ones cost. Prints JSON.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench import inside

SEEDS, ROUNDS, AGAIN, LONGEST = 40, 21, 7, 250


def main(folder: str, *services: str) -> None:
    """Publish, walk and print what was found of each service."""
    inside.set_up(Path(folder))
    found = {service: Found(service) for service in services}
    for one in found.values():
        one.compile_ms = compiled(one.service)
        one.seed = max(
            range(SEEDS), key=lambda seed, one=one: sum(1 for _ in route(one.service, seed))
        )
    for _ in range(ROUNDS):
        for one in found.values():
            walked(one)
    print(json.dumps({name: one.said() for name, one in found.items()}))


@dataclass
class Found:
    """What was seen of one service: milliseconds of CPU by page and by round."""

    service: str
    seed: int = 0
    compile_ms: float = 0.0
    first: dict[str, float] = field(default_factory=dict)
    rounds: list[list[float]] = field(default_factory=list)

    def said(self) -> dict[str, Any]:
        """Each round's median and last page, and what drawing all pages the first time adds."""
        pages = [statistics.median(page) for page in zip(*self.rounds, strict=True)]
        return {
            "compile": self.compile_ms,
            "first": sum(
                max(0.0, one - two) for one, two in zip(self.first.values(), pages, strict=False)
            ),
            "pages": len(pages),
            "middle": [statistics.median(one) for one in self.rounds],
            "last": [one[-1] for one in self.rounds],
        }


def compiled(service: str) -> float:
    """Give the median ms in which the stored version becomes a form that is ready to run."""
    models = import_module("townhall.definitions.models")
    load = import_module("townhall.engine.load")
    form = import_module("townhall.engine.form")
    stored = bytes(models.Service.objects.get(slug=service).live.canonical)
    return statistics.median(
        _ms(lambda: form.compile_form(load.definition_from_json(stored))) for _ in range(5)
    )


def walked(one: Found) -> None:
    """Go along the route once more, and ask for each page some times."""
    costs = []
    for browser, path in route(one.service, one.seed):
        open_page = partial(browser.ask, "GET", path)
        first = _ms(open_page)
        again = [_ms(open_page) for _ in range(AGAIN)]
        costs.append(statistics.median(again))
        one.first.setdefault(path, first)
    one.rounds.append(costs)


def route(service: str, seed: int) -> Iterator[tuple[inside.Browser, str]]:
    """Walk a route: each question page is given while it is the next one, then answered."""
    drafts = import_module("townhall.submissions.drafts")
    live = import_module("townhall.definitions.queries").live
    way = import_module("townhall.engine.route")
    cookies = import_module("townhall.runner.cookies")
    now = import_module("townhall.project.clock").now
    started = drafts.begin(live(service, now()).form, at=now())
    browser = inside.Browser(inside.application())
    browser.cookies[cookies.DRAFT + service] = started.token
    dice = random.Random(seed)
    for _ in range(LONGEST):
        opened = drafts.open_draft(started.token, service, at=now())
        step = way.walk(opened.form, opened.answers, today=now().date()).stop
        if step is None:
            return
        if not step.listing:
            yield browser, f"/{service}/{step.page}" + (f"/{step.item}" if step.item else "")
        if not _answered(opened, step, dice, now):
            return


def _answered(opened: Any, step: Any, dice: random.Random, now: Callable[[], Any]) -> bool:
    drafts = import_module("townhall.submissions.drafts")
    way = import_module("townhall.engine.route")
    here = way.walk(opened.form, opened.answers, today=now().date())
    visit = here.visits[step]
    if step.listing:
        loop = opened.form.loops[step.page]
        if opened.answers.items.get(step.page):
            return bool(drafts.finish_list(opened, step.page, at=now()))
        visit = way.new_item(opened.form, loop, opened.answers, here, today=now().date())
    elif step.page in opened.answers.posted and not step.item:
        return False
    values = {one.id: _value(opened.form, one, dice, now().date()) for one in visit.asked}
    return bool(drafts.save_page(opened, visit.step.page, values, item=visit.step.item, at=now()))


def _value(form: Any, question: Any, dice: random.Random, today: date) -> object:
    kind = form.kind(question)
    context = import_module("townhall.engine.kinds.base").Context(today)
    offered = [choice.id for choice in kind.choices(question) if choice.id]
    if not offered:
        return kind.sample(question, context)
    chosen = dice.choice(offered)
    return kind.load(question, [chosen] if question.type == "checkboxes" else chosen)


def _ms(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main(*sys.argv[1:])

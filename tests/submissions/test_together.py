"""Many at once, in processes of their own: one submission for each draft, and the limit holds."""

import json

from tests.support.own_database import finish, own_database, run, start

AT_ONCE = 3


def signal(processes):
    """Let processes go once each has said that it is ready."""
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()


def all_at_once(env, drafts):
    """Have several processes receive the same drafts, in different order, from one signal."""
    orders = [drafts[n % len(drafts) :] + drafts[: n % len(drafts)] for n in range(AT_ONCE)]
    processes = [start(env, "tests.support.act", "receive_many", *order) for order in orders]
    signal(processes)
    found = [json.loads(finish(process)) for process in processes]
    return [dict(zip(order, one, strict=True)) for order, one in zip(orders, found, strict=True)]


def test_a_draft_received_many_times_at_once_is_one_submission(tmp_path):
    with own_database(tmp_path) as env:
        drafts = json.loads(run(env, "tests.support.act", "filled_drafts", "3"))
        found = all_at_once(env, drafts)
        assert all(one == found[0] for one in found)
        assert len(set(found[0].values())) == len(drafts)
        assert all(len(reference) == 14 for reference in found[0].values())
        said = run(env, "townhall.project.cli", "audit", "--data", str(tmp_path))
        assert said == f"{1 + len(drafts)} rows, the chain holds\n"


def test_the_limit_holds_however_many_come_at_once(tmp_path):
    with own_database(tmp_path) as env:
        drafts = json.loads(run(env, "tests.support.act", "filled_drafts", "8"))
        found = all_at_once(env, drafts)
        assert all(one == found[0] for one in found)
        outcomes = list(found[0].values())
        assert outcomes.count("full") == len(drafts) - 3
        assert len(set(outcomes)) == 4


def test_a_page_sent_while_its_draft_is_received_is_in_it_or_refused(tmp_path):
    with own_database(tmp_path) as env:
        (draft,) = json.loads(run(env, "tests.support.act", "filled_drafts", "1"))
        saving = [start(env, "tests.support.act", "save_until_received", draft) for _ in range(2)]
        receiving = start(env, "tests.support.act", "receive_many", draft)
        signal([*saving, receiving])
        assert len(json.loads(finish(receiving))[0]) == 14
        assert all(json.loads(finish(process)) >= 0 for process in saving)
        assert run(env, "tests.support.act", "pages_left") == "0\n"

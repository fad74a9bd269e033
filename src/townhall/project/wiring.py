"""Tables only: what one app offers and another uses without knowing it."""

from collections.abc import Mapping, Sequence

from townhall.engine.kinds import AnyKind
from townhall.outbox.fittings import Fittings as OutboxFittings
from townhall.outbox.fittings import Handler
from townhall.project import clock, counts, house, identity
from townhall.retention.keepers import Keeper
from townhall.runner.fittings import Fittings as RunnerFittings
from townhall.submissions import delivery, keeping
from townhall.submissions import queries as submissions
from townhall.submissions.fittings import Fittings as SubmissionsFittings

# Kinds of question beside those that come with the engine.
QUESTION_KINDS: Sequence[AnyKind] = ()

# A subscriber's name, without what follows its colon, and who delivers to it.
SUBSCRIBERS: Mapping[str, Handler] = {
    "deliver": delivery.deliver,
    "acknowledge": delivery.acknowledge,
    "tell": delivery.tell,
}

# What each room keeps, and how it is destroyed.
KEEPING_RULES: Sequence[Keeper] = keeping.KEEPERS

OUTBOX = OutboxFittings(
    SUBSCRIBERS,
    clock=clock.now,
    watchers=delivery.watchers,
    references=submissions.references,
    counted=counts.tried,
    name=identity.name(),
    release=identity.release(),
)
SUBMISSIONS = SubmissionsFittings(house.council, house.senders)
RUNNER = RunnerFittings(clock.now, house.council, house.fees, counts.happened)

"""A path and its steps: what each is, why it applies, when it is finished, and what all add up to.

Days are working days after the day on which an office takes the first papers. A step takes its waiting
time, where one is stated, and then its own time. Nothing stated is nothing known: it makes all that waits
for the step unknown, never zero.
"""

import datetime
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from business_environment.models import Procedure
from business_environment.permit_path.spans import Span
from records.figures import Figure
from records.languages import LocalizedText


@dataclass(frozen=True)
class Cause:
    """Why a finish, or its upper end, is not known: something about one of the steps on the way to it."""

    DAYS, WORK, OPEN = "days", "work", "open"

    kind: str
    step: "Step" = field(compare=False)
    key: int = 0


def explain(causes):
    """Causes as parts of a sentence, one for each kind: "the days of steps 2, 6 are not stated"."""
    texts = []
    for kind in (Cause.DAYS, Cause.WORK, Cause.OPEN):
        found = sorted({cause.step.ordinal for cause in causes if cause.kind == kind})
        steps = _(", ").join(map(str, found))
        if found and kind == Cause.DAYS:
            text = ngettext(
                "the days of step %(steps)s are not stated",
                "the days of steps %(steps)s are not stated",
                len(found),
            )
        elif found and kind == Cause.WORK:
            text = ngettext(
                "how long your own work after step %(steps)s takes is not known",
                "how long your own work after steps %(steps)s takes is not known",
                len(found),
            )
        elif found:
            text = ngettext(
                "for step %(steps)s no upper end is stated",
                "for steps %(steps)s no upper end is stated",
                len(found),
            )
        else:
            continue
        texts.append(text % {"steps": steps})
    return texts


@dataclass
class Link:
    """A step that comes before another, and the rules by which it does.

    Of several rules the first is the one that begins at the later step; there are several where the steps
    between the two do not apply.
    """

    step: "Step"
    prerequisites: tuple

    @property
    def is_direct(self):
        return len(self.prerequisites) == 1

    @property
    def is_reading(self):
        """Whether any part of it is our reading and not a source's."""
        return any(rule.is_reading for rule in self.prerequisites)

    @property
    def has_work_between(self):
        """Whether work of the enterprise, of unknown length, lies between the two steps."""
        return any(rule.work_between for rule in self.prerequisites)


@dataclass(eq=False)
class Step:
    """One procedure that applies: why, after which others, and when it is finished.

    `begins` and `finish` count working days from the first day; None is unknown, and `causes` says why.
    `least` is what the stated days on the way to its end add up to at least. `is_past_calendar` is true where
    a first day was given and its finish, though known in working days, lies beyond the years that are known.
    """

    procedure: Procedure
    rules: list
    after: list = field(default_factory=list)
    ordinal: int = 0
    round: int = 0
    begins: Span | None = None
    finish: Span | None = None
    causes: list = field(default_factory=list)
    least: Decimal = Decimal(0)
    begins_on: datetime.date | None = None
    earliest_on: datetime.date | None = None
    latest_on: datetime.date | None = None
    is_past_calendar: bool = False

    @property
    def has_no_upper_end(self):
        """Whether its finish is known from below only."""
        return bool(self.finish) and self.finish.latest is None

    @property
    def because(self):
        """Why its finish, or the upper end of it, is not known, in words."""
        return explain(self.causes)

    @cached_property
    def own_days(self):
        """The adopted figures of its own time, with their passports."""
        return self.procedure.figures("working-days")

    @cached_property
    def queue_days(self):
        """The adopted figures of the waiting time before it."""
        return self.procedure.figures("queue-days")

    @cached_property
    def stated_besides(self):
        """What is stated of its time and not counted: limits of law, promises, days elsewhere in China."""
        keys = ("limit-days", "promised-days", "days-elsewhere")
        return [figure for key in keys for figure in self.procedure.figures(key)]

    @cached_property
    def duration(self):
        """Waiting time and own time together; None where its own is not stated as a number."""
        own, queue = (
            Span.widest(Span.of(one.statement) for one in figures if one.statement.number is not None)
            for figures in (self.own_days, self.queue_days)
        )
        return own + queue if own and queue else own


@dataclass
class Papers:
    """Papers that the same steps ask for, each once."""

    steps: list
    texts: list


@dataclass
class PermitPath:
    """The whole path: its rounds of steps that run side by side, and what they add up to.

    `finish` is None where the end is unknown. `chain` are the steps whose stated days add up to `least`,
    in order. `left_out` are rules that would close a circle, which no form of ours lets in.
    """

    steps: list
    left_out: list = field(default_factory=list)
    not_placed: list = field(default_factory=list)
    start: datetime.date | None = None
    taken_on: datetime.date | None = None

    @property
    def rounds(self):
        """Lists of the steps that can run side by side, in order."""
        rounds = defaultdict(list)
        for step in self.steps:
            rounds[step.round].append(step)
        return list(rounds.values())

    @property
    def finish(self):
        """When the last step is finished; None where any is unknown."""
        if not self.steps or any(step.finish is None for step in self.steps):
            return None
        return Span.widest((step.finish for step in self.steps), max)

    @property
    def has_no_upper_end(self):
        """Whether the finish is known from below only."""
        return bool(self.finish) and self.finish.latest is None

    @property
    def finish_earliest_on(self):
        days = [step.earliest_on for step in self.steps]
        return max(days) if self.finish and None not in days else None

    @property
    def finish_latest_on(self):
        days = [step.latest_on for step in self.steps]
        return max(days) if self.finish and None not in days else None

    @property
    def because(self):
        """Why the end, or its upper end, is not known, in words."""
        return explain(dict.fromkeys(cause for step in self.steps for cause in step.causes))

    @property
    def timed(self):
        """The steps whose days are known."""
        return [step for step in self.steps if step.duration]

    @property
    def chain(self):
        """The steps with days that, one after the other, need the longest: the critical path."""
        chain, step = [], max(self.steps, key=lambda step: step.least, default=None)
        while step and step.least:
            if step.duration:
                chain.insert(0, step)
            step = max((link.step for link in step.after), key=lambda one: one.least, default=None)
        return chain

    @property
    def least(self):
        """The stated days of `chain` as a span without an upper end; None where no days are stated."""
        days = max((step.least for step in self.steps), default=0)
        return Span(days, None) if days else None

    @property
    def finish_figure(self):
        """The finish with the sources of all days that went into it; unknown where it is."""
        return _added_up(self.finish, self.timed)

    @property
    def least_figure(self):
        """What `chain` takes at least, with the sources of its days; unknown where no days are stated."""
        return _added_up(self.least, self.chain)

    @property
    def papers(self):
        """The papers that the steps ask for, without repeats, in the order of the steps."""
        asking, texts = defaultdict(list), {}
        for step in self.steps:
            for line in dict.fromkeys(step.procedure.papers.splitlines()):
                key = _folded(line)
                if key and step not in asking[key]:
                    texts.setdefault(key, LocalizedText(line.strip(), step.procedure.papers.lang))
                    asking[key].append(step)
        groups = {}
        for key, text in texts.items():
            group = groups.setdefault(tuple(asking[key]), Papers(asking[key], []))
            group.texts.append(text)
        return list(groups.values())

    @property
    def without_papers(self):
        """The steps of which no list of papers is known."""
        return [step for step in self.steps if not step.procedure.papers.strip()]


def _added_up(span, steps):
    """A sum of this site as a figure: its sources are those of its parts, its date theirs if it is one."""
    parts = [figure for step in steps for figure in (*step.queue_days, *step.own_days)]
    periods = {figure.period for figure in parts}
    return Figure(
        label="",
        value=span.words if span else "",
        period=periods.pop() if len(periods) == 1 else None,
        dated=False,
        sources=list(dict.fromkeys(source for figure in parts for source in figure.sources)),
        note=ngettext(
            "Counted by this site from the days of step %(steps)s.",
            "Added up by this site from the days of steps %(steps)s.",
            len(steps),
        )
        % {"steps": _(", ").join(str(step.ordinal) for step in steps)},
    )


def _folded(line):
    """What two spellings of one paper have in common."""
    text = unicodedata.normalize("NFKC", line).casefold()
    return " ".join(text.split()).strip(" .,;。；、")

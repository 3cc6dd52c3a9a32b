"""The query string of a permit path: answers, the day to count from, and what was not understood."""

import datetime
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from business_environment.working_days import FIRST_YEAR, LAST_YEAR

START = "start"
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass
class PathField:
    """One question of the form with the answers chosen so far, and what is wrong with them."""

    question: object
    chosen: list = field(default_factory=list)
    problem: str = ""

    @property
    def options(self):
        """(answer, whether it is chosen) in order."""
        return [(answer, answer in self.chosen) for answer in self.question.answers.all()]

    def read(self, values):
        """Take the values of the query string; what is not understood becomes the problem."""
        answers = {answer.slug: answer for answer in self.question.answers.all()}
        unknown = [value for value in values if value not in answers]
        if unknown:
            self.problem = _("“%(value)s” is not one of the values.") % {"value": unknown[0]}
        elif len(values) > 1 and not self.question.takes_several:
            self.problem = _("This question takes one answer, not several.")
            return
        elif not values and not self.question.takes_several:
            self.problem = _("Choose an answer.")
        self.chosen = [answers[value] for value in dict.fromkeys(values) if value in answers]


class PathQuery:
    """Reads a query string against the questions that staff have set.

    `problems` are (parameter, message) for everything that is missing or not understood; `is_blank` is an
    address without any parameter, which asks for the form and nothing else.
    """

    def __init__(self, data, questions):
        self.is_blank = not data
        self.fields = [PathField(question) for question in questions]
        self.start, self.start_text, self.start_problem = None, "", ""
        self.strangers = [name for name in data if name not in self._names()]
        if self.is_blank:
            return
        for one in self.fields:
            one.read([value for value in data.getlist(one.question.slug) if value])
        self._read_start([value.strip() for value in data.getlist(START) if value.strip()])

    def _names(self):
        return [*(one.question.slug for one in self.fields), START]

    def _read_start(self, values):
        self.start_text = values[-1] if values else ""
        if len(values) > 1:
            self.start_problem = _("Give one day, not several.")
        elif values:
            day = _day(values[0])
            if day is None:
                text = _("“%(value)s” is not a day. Write it like 2026-03-02.")
                self.start_problem = text % {"value": values[0]}
            elif FIRST_YEAR <= day.year <= LAST_YEAR:
                self.start = day
            else:
                self.start_problem = _(
                    "China’s holidays are known here from %(first)s to %(last)s. Choose a day in these years."
                ) % {"first": FIRST_YEAR, "last": LAST_YEAR}

    @property
    def stranger_problems(self):
        """(parameter, message) for each parameter that is no question."""
        text = _("There is no such question. There are: %(names)s.") % {"names": ", ".join(self._names())}
        return [(name, text) for name in self.strangers]

    @property
    def problems(self):
        """(parameter, message) for each problem, in the order of the form."""
        problems = [(one.question.slug, one.problem) for one in self.fields if one.problem]
        start = [(START, self.start_problem)] if self.start_problem else []
        return [*self.stranger_problems, *problems, *start]

    @property
    def answers(self):
        """All answers chosen."""
        return [answer for one in self.fields for answer in one.chosen]

    @property
    def query_string(self):
        """What was understood, as a query string."""
        pairs = [(one.question.slug, answer.slug) for one in self.fields for answer in one.chosen]
        return urlencode([*pairs, (START, self.start.isoformat())] if self.start else pairs)


def _day(text):
    """The day that a text names as year-month-day; None where it names none."""
    try:
        return datetime.date.fromisoformat(text) if ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None

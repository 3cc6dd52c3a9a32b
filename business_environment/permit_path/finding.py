"""Finds the path of a project: which steps apply, in which order, and when each is finished."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Prefetch

from business_environment.models import Prerequisite, Procedure, ProcedureRule
from business_environment.models.permit_path import find_circle
from business_environment.permit_path.spans import Span
from business_environment.permit_path.steps import Cause, Link, PermitPath, Step
from business_environment.working_days import first_working_day, working_day
from records.models import State

STAGES = list(Procedure.Stage)
IN_SHANXI = {Procedure.Scope.SHANXI, Procedure.Scope.SHANXI_CASE}
GONE = {Procedure.Fate.CANCELLED, Procedure.Fate.MERGED}


def path_procedures():
    """Every public procedure with all that a path reads of it: seven queries, however many rows.

    What waits for a procedure that is not public waits for nothing: the rules of that one are not public.
    """
    rules = ProcedureRule.objects.with_statements().prefetch_related("answers")
    needs = Prerequisite.objects.filter(needs__state=State.PUBLISHED).with_statements()
    return (
        Procedure.objects.published()
        .with_statements()
        .prefetch_related(Prefetch("rules", rules), Prefetch("prerequisites", needs))
    )


def find_path(procedures, answers, start=None):
    """The path of a project with these answers (a collection of PathAnswer) and perhaps a first day.

    `procedures` are those of `path_procedures()`. Without `start` no step has a date.
    """
    procedures = list(procedures)
    chosen = {answer.pk for answer in answers}
    steps = {}
    for procedure in procedures:
        rules = [rule for rule in procedure.rules.all() if _matches(rule, chosen)]
        if rules:
            steps[procedure.pk] = Step(procedure, rules)
    needs, left_out = _without_circles(procedures)
    for pk, step in steps.items():
        step.after = _links(pk, needs, steps)
    ordered = _in_order(list(steps.values()))
    path = PermitPath(ordered, left_out, _not_placed(procedures), start, start and first_working_day(start))
    for step in ordered:
        _count_days(step)
        if start:
            _set_dates(step, path.taken_on)
    return path


def _matches(rule, chosen):
    """Whether one of the rule's answers to each question that it names is among the chosen."""
    by_question = defaultdict(set)
    for answer in rule.answers.all():
        by_question[answer.question_id].add(answer.pk)
    return all(options & chosen for options in by_question.values())


def _without_circles(procedures):
    """{procedure: rules for what comes before it}, and the rules that would close a circle, left out."""
    public = {procedure.pk for procedure in procedures}
    needs, pairs, left_out = defaultdict(list), [], []
    for procedure in procedures:
        for rule in procedure.prerequisites.all():
            pair = (procedure.pk, rule.needs_id)
            if rule.needs_id not in public:
                continue
            if find_circle([*pairs, pair], procedure.pk):
                left_out.append(rule)
            else:
                pairs.append(pair)
                needs[procedure.pk].append(rule)
    return needs, left_out


def _links(pk, needs, steps):
    """The steps right before one: what does not apply is seen through to what comes before it."""
    found, seen, waiting = {}, set(), [((rule,), rule.work_between) for rule in needs[pk]]
    while waiting:
        # Breadth first: of two ways to a step the shorter gives the reasons, unless only the other has work
        # of the enterprise on it.
        rules, has_work = waiting.pop(0)
        before = rules[-1].needs_id
        if (before, has_work) in seen or (before, True) in seen:
            continue
        seen.add((before, has_work))
        if before in steps:
            found[before] = Link(steps[before], rules)
        else:
            waiting += [((*rules, rule), has_work or rule.work_between) for rule in needs[before]]
    return list(found.values())


def _in_order(steps):
    """The steps, numbered: round after round, within one by stage and order; links that others imply go."""
    rounds = {}

    def round_of(step):
        if step not in rounds:
            rounds[step] = 1 + max((round_of(link.step) for link in step.after), default=0)
        return rounds[step]

    for step in steps:
        step.round = round_of(step)
    ordered = sorted(
        steps,
        key=lambda step: (
            step.round,
            STAGES.index(step.procedure.stage),
            step.procedure.order,
            step.procedure.slug,
        ),
    )
    earlier = {}
    for number, step in enumerate(ordered, start=1):
        step.ordinal = number
        implied = {one for link in step.after for one in earlier[link.step]}
        earlier[step] = implied | {link.step for link in step.after}
        step.after = [
            link for link in step.after if link.is_direct or link.has_work_between or link.step not in implied
        ]
        step.after.sort(key=lambda link: link.step.ordinal)
    return ordered


def _count_days(step):
    """Set when a step begins and is finished, in working days; those before it come first."""
    before = [link.step for link in step.after]
    causes = [cause for one in before for cause in one.causes]
    for link in step.after:
        if link.has_work_between:
            causes.append(Cause(Cause.WORK, link.step, link.step.procedure.pk))
    if all(one.finish for one in before) and not any(link.has_work_between for link in step.after):
        step.begins = Span.widest((one.finish for one in before), max) or Span()
    if step.duration is None:
        causes.append(Cause(Cause.DAYS, step, step.procedure.pk))
    elif step.duration.latest is None:
        causes.append(Cause(Cause.OPEN, step, step.procedure.pk))
    if step.begins and step.duration:
        step.finish = step.begins + step.duration
    step.causes = list(dict.fromkeys(causes))
    days = step.duration.earliest if step.duration else 0
    step.least = max((one.least for one in before), default=Decimal(0)) + days


def _set_dates(step, first):
    """Set the days of the calendar for what is known in working days, where the calendar reaches so far.

    `first` is None where no day that is worked follows in the years that are known.
    """
    if step.begins is None:
        return
    step.begins_on = first and working_day(first, step.begins.earliest)
    if step.finish is None:
        return
    step.earliest_on = first and working_day(first, step.finish.earliest)
    if step.finish.latest is not None:
        step.latest_on = first and working_day(first, step.finish.latest)
    last = step.earliest_on if step.has_no_upper_end else step.latest_on
    step.is_past_calendar = last is None


def _not_placed(procedures):
    """What only guides to China in general name, and no rule places: it may apply too."""
    placed = {procedure.pk for procedure in procedures if procedure.rules.all()}
    return [
        procedure
        for procedure in procedures
        if procedure.era == Procedure.Era.BEFORE
        and procedure.pk not in placed
        and procedure.became_id not in placed
        and procedure.scope not in IN_SHANXI
        and procedure.fate not in GONE
    ]

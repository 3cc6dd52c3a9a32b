"""The permit path of one kind of project: as a page, as CSV and as a calendar."""

import datetime
import hashlib

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from icalendar import Calendar, Event, Todo

from business_environment.filters.permit_path import START, PathQuery
from business_environment.models import PathQuestion
from business_environment.permit_path import find_path, path_procedures
from business_environment.views.columns import joined, yes_or_no
from business_environment.views.section import section_trail
from business_environment.working_days import FIRST_YEAR, LAST_YEAR
from listings.exports import Column, csv_response, refusal
from records.units import plain_number


class PermitPathView(View):
    """The questions, and for an address that answers them the steps in order."""

    http_method_names = ["get", "head", "options"]

    def get(self, request):
        query = PathQuery(request.GET, PathQuestion.objects.prefetch_related("answers"))
        problems = query.problems
        path = None if query.is_blank or problems else self.find(query)
        context = {
            "breadcrumbs": section_trail((gettext_lazy("Permit path"), "")),
            "query": query,
            "path": path,
            "first_year": FIRST_YEAR,
            "last_year": LAST_YEAR,
            "export_url": self.address("permit-path-export", query),
            "calendar_url": self.address("permit-path-calendar", query) if query.start else "",
        }
        return render(
            request, "business_environment/permit_path.html", context, status=400 if problems else 200
        )

    def find(self, query):
        """The path that a query without problems asks for."""
        return find_path(path_procedures(), query.answers, query.start)

    def address(self, name, query):
        """The address of a file with the same query string."""
        address = reverse(f"business_environment:{name}")
        return f"{address}?{query.query_string}" if query.query_string else address


class PermitPathFileView(PermitPathView):
    """The same path as a file. An address that was not understood is refused in plain text."""

    def get(self, request):
        query = PathQuery(request.GET, PathQuestion.objects.prefetch_related("answers"))
        if query.is_blank:
            # A file, unlike the page, cannot ask.
            for one in query.fields:
                one.read([])
        problems = query.problems + self.lacking(query)
        if problems:
            return refusal(problems, heading=_("This permit path was not understood."))
        return self.respond(request, query, self.find(query))

    def lacking(self, query):
        """(parameter, message) for what this kind of file needs besides the answers."""
        return []

    def respond(self, request, query, path):
        raise NotImplementedError


def _days(span, end):
    """One end of a span of working days, as programs read it; None where it is not known."""
    return plain_number(getattr(span, end)) if span else None


def _figures(step):
    """The figures that a step's days were taken from."""
    return [*step.queue_days, *step.own_days] if step.duration else step.own_days


def _not_known(step):
    """Why its finish is not known, or no day of the calendar can be named for it, in words."""
    if not step.is_past_calendar:
        return step.because
    text = _("Date not known: it lies after %(last_year)s, the last year whose holidays this calendar holds")
    return [*step.because, text % {"last_year": LAST_YEAR}]


def _rules_of(step):
    """The rules by which a step applies and by which it waits."""
    return [*step.rules, *(rule for link in step.after for rule in link.prerequisites)]


def _sources_of(step):
    return dict.fromkeys(source for rule in _rules_of(step) for source in rule.citations())


class PermitPathExportView(PermitPathFileView):
    """One line for each step."""

    columns = (
        Column(gettext_lazy("Step"), lambda step: step.ordinal),
        Column(gettext_lazy("Round"), lambda step: step.round),
        Column(gettext_lazy("Name (English)"), lambda step: step.procedure.name_en),
        Column(gettext_lazy("Name (Chinese)"), lambda step: step.procedure.name_zh),
        Column(
            gettext_lazy("Begins after step"), lambda step: joined(one.step.ordinal for one in step.after)
        ),
        Column(gettext_lazy("Office"), lambda step: step.procedure.office),
        Column(gettext_lazy("Working days from"), lambda step: _days(step.duration, "earliest")),
        Column(gettext_lazy("Working days to"), lambda step: _days(step.duration, "latest")),
        Column(gettext_lazy("Working days as stated"), lambda step: joined(f.value for f in _figures(step))),
        Column(gettext_lazy("Days as of"), lambda step: joined(f.as_of_code for f in _figures(step))),
        Column(
            gettext_lazy("Source of the days"),
            lambda step: joined(source.publisher for f in _figures(step) for source in f.sources),
        ),
        Column(
            gettext_lazy("Earliest finish, working day"),
            lambda step: _days(step.finish, "earliest"),
        ),
        Column(gettext_lazy("Latest finish, working day"), lambda step: _days(step.finish, "latest")),
        Column(gettext_lazy("Begins at the earliest on"), lambda step: step.begins_on),
        Column(gettext_lazy("Earliest finish on"), lambda step: step.earliest_on),
        Column(gettext_lazy("Latest finish on"), lambda step: step.latest_on),
        Column(gettext_lazy("Not known because"), lambda step: joined(_not_known(step))),
        Column(gettext_lazy("Why it applies"), lambda step: joined(rule.reason for rule in step.rules)),
        yes_or_no(gettext_lazy("Our reading"), lambda step: any(rule.is_reading for rule in _rules_of(step))),
        Column(
            gettext_lazy("Source of the rules"),
            lambda step: joined(source.publisher for source in _sources_of(step)),
        ),
        Column(gettext_lazy("Address"), lambda step: step.procedure.slug),
    )

    def respond(self, request, query, path):
        return csv_response(self.columns, path.steps, "permit-path.csv")


class PermitPathCalendarView(PermitPathFileView):
    """An all-day event for each step with dates, from the day it can begin to the last of its finish.

    A step without dates is a task without a due day. The same answers give the same identifiers, so that
    a calendar that takes the file again moves its events.
    """

    def lacking(self, query):
        if query.start or query.start_problem:
            return []
        return [(START, _("A calendar needs a day to count from."))]

    def respond(self, request, query, path):
        calendar = Calendar()
        calendar.add("prodid", "-//Invest Shanxi//Permit path//EN")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("Permit path, Shanxi"))
        answers = "&".join(sorted(answer.slug for answer in query.answers))
        digest = hashlib.sha256(answers.encode()).hexdigest()[:12]
        for step in path.steps:
            uid = f"{step.procedure.slug}.{digest}@{request.get_host()}"
            calendar.add_component(self.component(request, step, uid))
        return HttpResponse(
            calendar.to_ical(),
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="permit-path.ics"'},
        )

    def component(self, request, step, uid):
        """One step: an event where both its ends have a date, else a task."""
        if step.begins_on and step.latest_on:
            component = Event()
            component.add("dtstart", step.begins_on)
            # The end of an all-day event is the day after it.
            component.add("dtend", step.latest_on + datetime.timedelta(days=1))
            component.add("transp", "TRANSPARENT")
        else:
            component = Todo()
        component.add("uid", uid)
        component.add("dtstamp", step.procedure.changed_at)
        component.add("summary", str(step.procedure.name))
        component.add("description", self.description(step))
        path = step.procedure.get_absolute_url()
        component.add(
            "url", f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)
        )
        return component

    def description(self, step):
        """What a reader of the calendar should know, a line each."""
        lines = [(_("Office"), step.procedure.office or _("not stated, ask"))]
        stated = joined(figure.value for figure in _figures(step))
        lines.append((_("Days stated"), stated or _("not stated, ask")))
        if step.finish:
            lines.append((_("Finish, after the start"), step.finish.words))
        lines.append((_("Not known because"), joined(_not_known(step))))
        sources = [source for figure in _figures(step) for source in figure.sources]
        lines.append((_("Sources"), joined(one.publisher for one in [*sources, *_sources_of(step)])))
        text = [_("%(label)s: %(text)s") % {"label": label, "text": words} for label, words in lines if words]
        if any(rule.is_reading for rule in _rules_of(step)):
            text.append(_("That it applies, or its place in the order, is our own reading."))
        return "\n".join(text)

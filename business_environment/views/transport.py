from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from business_environment.filters import TransportFilter
from business_environment.models import TransportLink
from business_environment.views.columns import CHECKED_ON, CITIES, NAMES, SOURCES, joined
from business_environment.views.section import section_trail
from listings.exports import Column
from listings.views import ExportView, ListingView
from records.units import plain_number
from records.views import RecordDetailView
from zones.map import Map
from zones.models import City

NEAR = 3  # links offered in place of one that is withdrawn


class TransportLinkListView(ListingView):
    """Lines, hubs and plans as a table, and the lines among them on the map."""

    filterset_class = TransportFilter
    template_name = "business_environment/transportlink_list.html"

    def get_queryset(self):
        return TransportLink.objects.published().for_list()

    def get_context(self, listing):
        drawn = Map.of_listing(listing, facet="place", links=listing.page.object_list)
        return {"breadcrumbs": section_trail((_("Transport"), "")), "map": drawn}


# The heading of a column that says more of another one, in the language of the moment.
_headed = lazy(
    lambda heading, part: gettext("%(label)s: %(text)s") % {"label": heading, "text": part},
    str,
)


def _figure_columns(heading, name):
    """Number, hedge, date and sources of one figure of each row; the property `name` gives it."""

    def of(part):
        def value(link):
            figure = getattr(link, name)
            return part(figure) or None if figure.is_known else None

        return value

    return (
        Column(heading, of(_number)),
        Column(
            _headed(heading, _("approximation")),
            of(lambda figure: figure.statement.get_approximation_display()),
        ),
        Column(_headed(heading, _("as of")), of(lambda figure: figure.as_of_code)),
        Column(
            _headed(heading, _("source")),
            of(lambda figure: joined(figure.sources)),
        ),
    )


def _number(figure):
    """The number as programs read it; a range as its two ends."""
    ends = (figure.statement.number, figure.statement.number_max)
    return "–".join(plain_number(end) for end in ends if end is not None)


class TransportLinkExportView(ExportView):
    """Transport as CSV: times in minutes and lengths in kilometres, each with its passport."""

    filterset_class = TransportFilter
    filename = "transport.csv"

    columns = (
        *NAMES,
        Column(_("Kind"), lambda link: link.get_kind_display()),
        Column(_("Result or goal"), lambda link: _("Goal") if link.is_goal else _("Result")),
        Column(pgettext_lazy("place", "From"), lambda link: link.start or None),
        Column(pgettext_lazy("place", "To"), lambda link: link.finish or None),
        *_figure_columns(_("Travel time, minutes"), "time_now"),
        *_figure_columns(_("Travel time before, minutes"), "time_before"),
        *_figure_columns(_("Length, km"), "length"),
        CITIES,
        SOURCES,
        CHECKED_ON,
    )

    def get_queryset(self):
        return TransportLink.objects.published().for_list()


class TransportLinkDetailView(RecordDetailView):
    """A link: what is stated of it, and where it runs."""

    model = TransportLink
    template_name = "business_environment/transportlink_detail.html"

    def get_queryset(self):
        return TransportLink.objects.for_list()

    def get_context(self, link):
        steps = [(_("Transport"), reverse("business_environment:transport")), (link.name, "")]
        touched = [*link.cities.all(), *filter(None, (link.from_city, link.to_city))]
        drawn = Map.of_cities(City.objects.published(), touched, link=link)
        return {
            "link": link,
            "breadcrumbs": section_trail(*steps),
            # Of a plan for the whole province a map has nothing to say.
            "map": drawn if drawn.selected or drawn.lines else None,
            "groups": link.stated_groups,
            "sources": link.sources_with_aspects(),
        }

    def get_alternatives(self, link):
        """Public links of the same kind, for the tombstone of a withdrawn one."""
        return TransportLink.objects.published().filter(kind=link.kind).order_by("is_goal", "order")[:NEAR]

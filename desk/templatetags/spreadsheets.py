from django import template
from django.urls import reverse
from django.utils.translation import gettext

from desk.imports.kinds import sheet_of

register = template.Library()


@register.simple_tag(takes_context=True)
def spreadsheet_links(context, changelist):
    """(label, address) of the export of what a list shows, and of the import of its kind of rows."""
    sheet = sheet_of(changelist.model)
    if sheet is None or changelist.is_popup:
        return []
    query = changelist.get_query_string(remove=["p", "all"])
    links = [
        (gettext("Export to Excel"), reverse("admin:desk_export", args=[sheet.kind]) + query.rstrip("?"))
    ]
    if sheet.is_imported and context["request"].user.has_perm("desk.add_import"):
        links.append((gettext("Import"), f"{reverse('admin:desk_import_add')}?kind={sheet.kind}"))
    return links

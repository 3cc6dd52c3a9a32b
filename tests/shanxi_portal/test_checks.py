from shanxi_portal.checks import check_site_url


def ids():
    return [problem.id for problem in check_site_url(None)]


def test_public_address_by_https_on_an_allowed_host_is_fine(settings):
    settings.SITE_URL = "https://invest.example"
    settings.ALLOWED_HOSTS = ["invest.example"]
    assert ids() == []


def test_missing_public_address_is_a_warning(settings):
    settings.SITE_URL = ""
    assert ids() == ["shanxi_portal.W001"]


def test_public_address_without_https_is_a_warning(settings):
    settings.SITE_URL = "http://invest.example"
    settings.ALLOWED_HOSTS = [".example"]
    assert ids() == ["shanxi_portal.W002"]


def test_public_address_on_a_host_that_is_refused_is_an_error(settings):
    settings.SITE_URL = "https://invest.example"
    settings.ALLOWED_HOSTS = ["other.example"]
    assert ids() == ["shanxi_portal.E001"]

"""One page of each kind, for whoever looks at all of them. Addresses are without the language."""

LANGUAGES = ("en", "zh-hans")

PERMIT_PATH = "build=new-building&approval=filing&company=has-company&site=relics"

KINDS = {
    "home": "",
    "zones": "zones/?city=changzhi&city=datong&sort=area-largest",
    "zones-second-page": "zones/?page=2",
    "zones-empty": "zones/?city=shuozhou&level=national",
    "zones-error": "zones/?colour=red&area_from=many",
    "zone": "zones/changzhi-hidz/",
    "zone-withdrawn": "zones/withdrawn-zone/",
    "projects": "projects/",
    "projects-in-figures": "projects/in-figures/",
    "compare": "zones/compare/?zone=changzhi-hidz&zone=jincheng-etdz&zone=datong-etdz",
    "compare-nothing": "zones/compare/",
    "shortlist": "shortlist/?zone=changzhi-hidz&zone=datong-etdz&project=air-products-luan-changzhi",
    "project": "projects/air-products-luan-changzhi/",
    "cities": "cities/",
    "city": "cities/changzhi/",
    "regions": "regions/",
    "region": "regions/southeast/",
    "business-environment": "business-environment/",
    "approvals": "business-environment/approvals/",
    "ledger": "business-environment/approvals/ledger/?fate=kept&fate=merged",
    "procedure": "business-environment/approvals/land-use-planning-permit/",
    "permit-path": "business-environment/permit-path/",
    "permit-path-answered": f"business-environment/permit-path/?{PERMIT_PATH}&start=2026-03-02",
    "permit-path-error": "business-environment/permit-path/?site=moon&start=tomorrow",
    "indicators": "business-environment/indicators/",
    "indicator": "business-environment/indicators/fai-growth/",
    "policies": "business-environment/policies/?in_force_on=2022-01-01",
    "policy": "business-environment/policies/foreign-key-fields-2021/",
    "costs": "business-environment/costs/",
    "cost": "business-environment/costs/zuoyun-electricity/",
    "transport": "business-environment/transport/",
    "transport-link": "business-environment/transport/hsr-datong-yuanping/",
    "search": "search/?q=太原",
    "search-empty": "search/?q=nowhere",
    "search-error": "search/?colour=red",
    "sources": "sources/?kind=media",
    "source": "sources/china-daily-2021-03-26-investment-booms-province-2020/",
    "about": "about/",
    "accessibility": "accessibility/",
    "missing": "nowhere/",
    "too-long": f"zones/?q={'x' * 5000}",
}

# What the server says to each; 200 where nothing is written here.
STATUS = {
    "zones-error": 400,
    "search-error": 400,
    "permit-path-error": 400,
    "zone-withdrawn": 410,
    "missing": 404,
    "too-long": 414,
}


def address(kind, language):
    return f"/{language}/{KINDS[kind]}"

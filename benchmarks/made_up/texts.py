"""What made-up projects are called, and what is said of them, in English and in Chinese."""

from benchmarks.made_up import chance
from benchmarks.made_up import vocabulary as words

NO_COUNTY, NO_COMPANY, WITH_INVESTORS, WITH_ORIGIN = 0.40, 0.15, 0.07, 0.5
SHARES = {
    "syllables": chance.by_rank(len(words.SYLLABLES), 0.4),
    "kinds": chance.by_rank(len(words.COMPANY_KINDS), 0.7),
    "forms": chance.by_rank(len(words.FORMS), 1.0),
    "origins": chance.by_rank(len(words.ORIGINS), 0.9),
    "english": chance.by_rank(len(words.ENGLISH), 0.8),
    "chinese": chance.by_rank(len(words.CHINESE), 0.7),
}
COLUMNS = (
    *("slug", "name_en", "name_zh", "summary_en", "summary_zh", "company_en", "company_zh"),
    *("investors_en", "investors_zh", "origin_country_en", "origin_country_zh"),
    *(
        "origin_province_en",
        "origin_province_zh",
        "county_en",
        "county_zh",
        "zone_stated_en",
        "zone_stated_zh",
    ),
    "capacity",
)


class Texts:
    """Writes the texts of a block of projects."""

    def __init__(self, random, city_names):
        self.random, self.city_names = random, city_names

    def write(self, industries, cities, zones):
        """Lists of texts by column, one for each industry, city and zone; `capacity` is a pair, or None."""
        size = len(industries)
        companies = zip(*self._companies(size), strict=True)
        drawn = zip(
            *(
                self._numbers("forms", size),
                self._several("english", 6, size),
                self._several("chinese", 6, size),
            ),
            *(self.random.random((size, 9)).T.tolist()),
            strict=True,
        )
        written = [
            self._one(*where, company, *random)
            for where, company, random in zip(
                zip(industries, cities, zones, strict=True), companies, drawn, strict=True
            )
        ]
        return dict(zip(COLUMNS, map(list, zip(*written, strict=True)), strict=True))

    def _numbers(self, name, size):
        return chance.numbers(self.random, SHARES[name], size)

    def _several(self, name, each, size):
        flat = self._numbers(name, size * each)
        return [flat[start : start + each] for start in range(0, size * each, each)]

    def _companies(self, size):
        """(English, Chinese, syllables) of names, two or three syllables and a trade; and their provinces."""
        syllables, thirds = self._several("syllables", 3, size), chance.flags(self.random, 0.25, size)
        names = []
        for numbers, kind, long in zip(syllables, self._numbers("kinds", size), thirds, strict=True):
            parts = [words.SYLLABLES[number] for number in (numbers if long else numbers[:2])]
            english, chinese = "".join(part[0] for part in parts), "".join(part[1] for part in parts)
            trade = words.COMPANY_KINDS[kind]
            names.append((f"{english.capitalize()} {trade[0]}", chinese + trade[1], english))
        return names, [words.ORIGINS[number] for number in self._numbers("origins", size)]

    def _one(self, industry, city, zone, company, form, english, chinese, *spots):
        """The texts of one project, in the order of COLUMNS; each spot is a random number below 1."""
        product_at, county_at, size, named, invested, origin, common, medium, rare = spots
        (company_en, company_zh, short), province = company
        products = words.PRODUCTS[industry]
        product_en, product_zh = products[int(product_at * len(products))]
        form_en, form_zh = words.FORMS[form]
        county = self._county(city, zone, county_at)
        place_en = county[0] or self.city_names.get(city, "Shanxi")
        en, zh = [words.ENGLISH[number] for number in english], [words.CHINESE[number] for number in chinese]
        summary_en = [
            f"{product_en.capitalize()} {form_en} of {company_en} in {place_en}: {en[0]} {en[1]}, "
            f"{en[2]} {en[3]}, and {en[4]} for the {en[5]}."
        ]
        summary_zh = [
            f"{company_zh}在{county[1] or '山西'}建设的{product_zh}{form_zh}，"
            f"{zh[0]}{zh[1]}、{zh[2]}{zh[3]}，{zh[4]}{zh[5]}。"
        ]
        capacity = _capacity(int(size * 400) + 1) if common < words.COMMON_SHARE else None
        for said in (
            capacity,
            (f"Made for {words.MEDIUM[0]}.", f"产品{words.MEDIUM[1]}。")
            if medium < words.MEDIUM_SHARE
            else None,
            (f"With an {words.RARE[0]}.", f"设{words.RARE[1]}。") if rare < words.RARE_SHARE else None,
        ):
            if said:
                summary_en.append(said[0])
                summary_zh.append(said[1])
        return (
            f"{short}-{product_en.replace(' ', '-').lower()}"[:60].rstrip("-"),
            f"{company_en} {product_en} {form_en}, {place_en}",
            f"{company_zh}{product_zh}{form_zh}",
            *(" ".join(summary_en), "".join(summary_zh)),
            *((company_en, company_zh) if named >= NO_COMPANY else ("", "")),
            *(
                (f"{province[0]} {product_en} fund", f"{province[1]}基金")
                if invested < WITH_INVESTORS
                else ("", "")
            ),
            *(("China", "中国", *province) if origin < WITH_ORIGIN else ("", "", "", "")),
            *county,
            *(zone.name if zone else ("", "")),
            capacity,
        )

    def _county(self, city, zone, spot):
        """That of the zone, one of the city, or none."""
        if zone:
            return zone.county
        if city is None or spot < NO_COUNTY:
            return "", ""
        counties = words.COUNTIES[city]
        return counties[int(spot * len(counties))]


def _capacity(kilotonnes):
    english, chinese = words.COMMON
    return f"{english.capitalize()} output of {kilotonnes},000 t.", f"{chinese}{kilotonnes}000吨。"

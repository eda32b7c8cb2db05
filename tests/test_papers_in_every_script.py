"""Tickets and invoices print names in the letters that they are written in, and none as a box."""

import io

import pytest
from pypdf import PdfReader

from bookings.scripts import drawn_as, printable
from movies.models import Movie
from theaters.models import SeatCategory, Theater

INTER, ARABIC, DEVANAGARI = "Inter", "NotoSansArabic", "NotoSansDevanagari"
SCRIPTS = {
    # Name of the film and of everybody else; in which country; the typefaces that it takes.
    "Latin": ("Žižkov à l’œil, Ðặng Ŵy ẞŧ Iğ", "CZ", {INTER}),
    "Cyrillic": ("Москва слезам не верит, Їжак, Ґ, Ўсё, Қазақ, Ђ", "UA", {INTER}),
    "Greek": ("Πολίτικη Κουζίνα, Ἀριστοτέλης", "GR", {INTER}),
    "Devanagari": ("श्रीमती क्षमा त्रिपाठी, ज़ोया, ळ १२३", "IN", {INTER, DEVANAGARI}),
    "Arabic": ("وهلأ لوين؟ ١٢٣", "LB", {INTER, ARABIC}),
    "Persian and Urdu": ("پژواک گچ‌پژ، ٹھیک ہے ۱۲۳", "IR", {INTER, ARABIC}),
    "Simplified Chinese": ("卧虎藏龙：张爱玲", "CN", {INTER, "NotoSansCJKsc"}),
    "Traditional Chinese": ("臥虎藏龍：張愛玲", "TW", {INTER, "NotoSansCJKtc"}),
    "Hong Kong": ("花樣年華 喺啲嘢", "HK", {INTER, "NotoSansCJKhk"}),
    "Japanese": ("千と千尋の神隠し「渡邊」ﾊﾟ", "JP", {INTER, "NotoSansCJKjp"}),
    "Korean": ("기생충 봉준호 뷁", "KR", {INTER, "NotoSansCJKkr"}),
}
TELLTALE = "直令骨"  # drawn differently in each country


@pytest.fixture
def papers(me, paid, showtime, seats):
    """The tickets and the invoice of two seats, after the cinema was renamed as wanted."""

    def print_both(name, country="DE", language="en"):
        Movie.objects.update(title=name, language=language)
        Theater.objects.update(
            name=name[:120], legal_name=name, address=name, city=name, country=country
        )
        for category in SeatCategory.objects.all():
            category.name = f"{category.pk} {name}"[:60]
            category.save(update_fields=["name"])
        contact = {"name": name, "email": "a@example.com"}
        booking = paid(me, showtime, seats[:2], contact=contact)
        [invoice] = me.get(f"/api/invoices/?booking={booking['reference']}").json()["results"]
        return (
            me.get(f"/api/bookings/{booking['reference']}/tickets.pdf").content,
            me.get(f"/api/invoices/{invoice['number']}.pdf").content,
        )

    return print_both


def glyphs(document: bytes):
    """Each letter as it is drawn, in its order: the typeface, and the number of its shape there."""
    for page in PdfReader(io.BytesIO(document)).pages:
        fonts = {
            name: font.get_object()["/BaseFont"].partition("+")[2].partition("-")[0]
            for name, font in page["/Resources"]["/Font"].items()
        }
        for operands, operator in page.get_contents().operations:
            if operator == b"Tf":
                font = fonts[operands[0]]
            elif operator in (b"Tj", b"TJ"):
                for part in operands[0] if operator == b"TJ" else operands:
                    for shape in _numbers(part):
                        yield font, shape


def _numbers(part):
    if not isinstance(part, bytes | str):
        return []
    drawn = part if isinstance(part, bytes) else part.original_bytes
    return [int.from_bytes(drawn[at : at + 2]) for at in range(0, len(drawn), 2)]


def typefaces(document: bytes) -> set[str]:
    """All that it was printed with, apart from the typewriter of the tickets' codes."""
    return {face for face, _ in glyphs(document)} - {"DejaVuSansMono"}


def boxes(document: bytes) -> list[str]:
    """The typefaces that were asked for a letter that they do not have: shape 0 is the box."""
    return [face for face, shape in glyphs(document) if shape == 0]


@pytest.mark.parametrize("name, country, faces", SCRIPTS.values(), ids=list(SCRIPTS))
def test_names_are_printed_in_their_own_letters(papers, name, country, faces):
    for paper in papers(name, country):
        assert boxes(paper) == []
        assert typefaces(paper) == faces


def test_what_no_typeface_has_is_a_box_and_the_test_above_would_see_it(papers):
    for paper in papers("\U0001f3ac"):
        assert boxes(paper)


def test_a_paper_in_latin_letters_opens_no_other_typeface(papers):
    for paper in papers("The Long Way Down"):
        assert typefaces(paper) == {INTER}


@pytest.mark.parametrize(
    "text, home, drawn",
    [
        # The letters beside the Chinese characters tell, wherever the theater is.
        (f"{TELLTALE}の", "KR", "JP"),
        (f"{TELLTALE}영", "JP", "KR"),
        (f"{TELLTALE}ㄅ", None, "TC"),
        # Without such letters, the theater's country.
        (TELLTALE, "JP", "JP"),
        (TELLTALE, "KR", "KR"),
        (TELLTALE, "HK", "HK"),
        # Elsewhere, who has these characters: 东 龙 in the People's Republic, 東 龍 in Taiwan,
        # 桜 in Japan; what all have is drawn as most people draw it.
        ("东方红", None, "SC"),
        ("東方龍", None, "TC"),
        ("桜の", None, "JP"),
        ("桜庭", None, "JP"),
        ("東京桜", None, "JP"),
        (TELLTALE, None, "SC"),
        ("𠮷", None, "SC"),
        ("Amélie", None, ""),
        ("Amélie", "JP", ""),
    ],
)
def test_chinese_characters_are_drawn_as_where_they_were_written(text, home, drawn):
    assert drawn_as(text, home) == drawn


@pytest.mark.parametrize(
    "country, language, face",
    [
        ("DE", "ja", "NotoSansCJKjp"),
        ("DE", "ko", "NotoSansCJKkr"),
        ("DE", "zh-TW", "NotoSansCJKtc"),
        ("DE", "zh-Hant-HK", "NotoSansCJKhk"),
        ("DE", "zh-Hant", "NotoSansCJKtc"),
        ("DE", "zh", "NotoSansCJKsc"),
        ("DE", "en", "NotoSansCJKsc"),
        # In Shanghai the title of a Japanese film is Chinese.
        ("CN", "ja", "NotoSansCJKsc"),
    ],
)
def test_a_film_is_called_in_its_own_language_abroad(
    me, paid, showtime, seats, country, language, face
):
    Movie.objects.update(title=TELLTALE, language=language)
    Theater.objects.update(country=country)
    booking = paid(me, showtime, seats[:1])
    [invoice] = me.get("/api/invoices/").json()["results"]
    for paper in (
        me.get(f"/api/bookings/{booking['reference']}/tickets.pdf").content,
        me.get(f"/api/invoices/{invoice['number']}.pdf").content,
    ):
        assert typefaces(paper) == {INTER, face}


def test_names_from_several_places_stand_on_one_paper(me, paid, showtime, seats):
    Movie.objects.update(title="千と千尋の神隠し, وهلأ लिबर्टी 기생충")
    Theater.objects.update(name="서울극장", legal_name="上海大光明电影院", address="شارع الحمرا 12")
    booking = paid(me, showtime, seats[:1], contact={"name": "張愛玲", "email": "a@example.com"})
    [invoice] = me.get("/api/invoices/").json()["results"]
    paper = me.get(f"/api/invoices/{invoice['number']}.pdf").content
    assert boxes(paper) == []
    east = {f"NotoSansCJK{region}" for region in ("jp", "kr", "sc", "tc")}
    assert typefaces(paper) == {INTER, ARABIC, DEVANAGARI} | east
    assert boxes(me.get(f"/api/bookings/{booking['reference']}/tickets.pdf").content) == []


def left_edge(document: bytes, words: str) -> float:
    """How far from the left what has `words`, or a part of them, begins."""
    [page] = PdfReader(io.BytesIO(document)).pages
    edges = []

    def look(text, now, *_):
        if text.strip() and (words in text or text.strip() in words):
            edges.append(now[4])

    page.extract_text(visitor_text=look)
    return min(edges)


def test_a_name_from_right_to_left_ends_on_the_left(me, paid, showtime, seats):
    def invoice_of(title, seat):
        Movie.objects.update(title=title)
        booking = paid(me, showtime, [seat])
        [invoice] = me.get(f"/api/invoices/?booking={booking['reference']}").json()["results"]
        return me.get(f"/api/invoices/{invoice['number']}.pdf").content

    paper = invoice_of("وهلأ لوين (part one)", seats[0])
    assert left_edge(paper, "part one") < left_edge(paper, "وهلأ")
    # In a line that begins from left to right, the same words stand on the right of the name.
    paper = invoice_of("A film: وهلأ لوين (part one)", seats[1])
    assert left_edge(paper, "A film:") < left_edge(paper, "وهلأ") < left_edge(paper, "part one")


def test_nobody_turns_round_what_stands_beside_their_name():
    """An override in a name would print 10.00 as 00.01 if it did not end with the name."""
    text = printable({"name": "\u202eabc\u2066\x00\x7fd"}, country="DE", languages={})["name"]
    assert text == "abcd"
    arabic = printable({"name": "محمد\u2069\u202e!"}, country="DE", languages={})["name"]
    assert arabic == "\u2068محمد!\u2069"

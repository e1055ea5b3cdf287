"""The Turkish is held to the glossary: each check is shown a text that it must reject."""

import re
from pathlib import Path

import pytest
from authoring_course import make_course

from tl_helpers.authoring.__main__ import ROOT
from tl_helpers.authoring.check import check
from tl_helpers.authoring.glossary import FILE, Glossary, glossary_findings, load_glossary, read_glossary
from tl_helpers.authoring.tree import Tree
from tl_helpers.authoring.turkish import lower
from tl_helpers.authoring.wording import TextPair, text_pairs, words_only
from tl_helpers.messages import CourseError, catalogue

TREE = Tree(ROOT)
GLOSSARY = load_glossary(TREE)


def findings(english: str, turkish: str, glossary: Glossary = GLOSSARY) -> list[tuple[str, str]]:
    texts = [TextPair("s.py", "cell", 7, english, turkish)]
    return [(finding.key, finding.text) for finding in glossary_findings(glossary, texts)]


AVOIDED = [
    "Veri setini böleriz.",
    "Eğitim seti küçük.",
    "Doğrulama setinde ölçeriz.",
    "Yitim azalır.",
    "Model overfit oluyor.",
    "Aşırı uyum başlar.",
    "İnce-ayar yaparız.",
    "Her batch 32 resimdir.",
    "İki epoch yeter.",
    "Beş epoch'ta biter.",
    "Özellik çıkarımı yaparız.",
    "Fine-tuning yaparız.",
    "ÖĞRENME HIZINI düşürürüz.",
    "Katmanları çözeriz.",
    "Inference sırasında kapalıdır.",
    "Dropout katmanı",
    "Karışıklık matrisi çizeriz.",
    "Ön-işleme modelin içinde.",
    "Optimizer olarak Adam alırız.",
    "Bu (veri seti) küçüktür.",
]
ALLOWED = [
    "Veri kümesini böleriz; küme küçük, set yok.",
    "Yığın (batch) boyutu, dönem (epoch), aşırı öğrenme (overfitting).",
    "Kesinlik (precision) ile duyarlılık (recall)",
    "Bunu özellikle söyleriz; bu modelin bir özelliği budur.",
    "`batch_size=32` ve `model.fit(epochs=2)` yazarız.",
    "batch_size ve learning_rate ayarları; TL_CACHE_GB",
    "$\\text{loss} = 1$",
    "Alıştırmayı çözeriz.",
    "Yitirilen bilgi geri gelmez.",
]


@pytest.mark.parametrize("turkish", AVOIDED)
def test_an_avoided_form_is_found(turkish: str) -> None:
    assert [key for key, _ in findings("", turkish)] == ["avoided"]


@pytest.mark.parametrize("turkish", ALLOWED)
def test_a_form_that_is_right_is_left_alone(turkish: str) -> None:
    assert findings("", turkish) == []


MISSING = [
    ("One feature is enough.", "Bir özellik yeter.", "öznitelik"),
    ("The base is frozen.", "Temel model sabit.", "dondurmak"),
    ("Then we unfreeze it.", "Sonra onu çözeriz.", "çözdürmek"),
    ("**Fine-tuning** comes last.", "Eğitim en sonda gelir.", "ince ayar"),
    ("Fine-\ntuning comes last.", "Eğitim en sonda gelir.", "ince ayar"),
    ("The losses fall.", "Değerler düşer.", "kayıp"),
    ("A batch's size", "Bir paketin boyutu", "yığın"),
    ("two batches", "iki paket", "yığın"),
    ("The probabilities add up.", "İhtimaller toplanır.", "olasılık"),
    ("feature maps", "öznitelikler", "öznitelik haritası"),
    ("Data sets differ.", "Veriler farklıdır.", "veri kümesi"),
]
MATCHING = [
    ("One feature, two features", "Bir özniteliğin yanında bir tane daha"),
    ("feature maps", "öznitelik haritaları"),
    ("training, validation and test sets", "eğitim, doğrulama ve test kümeleri"),
    ("The head is new.", "BAŞLIĞI yenidir."),
    ("The loss falls.", "Kaybı düşer."),
    ("With its head tilted, a cat is a cat.", "Başını eğmiş bir kedi yine kedidir."),
    ("Features [Batch training](https://x.org)", "Öznitelikler [Batch\ntraining](https://x.org)"),
    ("Call `loss(batch)`, the $loss$ at https://x.org/dropout.", "Böyle."),
    ("Set {epoch} of TL_CACHE_GB", "Ayar"),
    ("headed classy epochal", "hiçbiri"),
    ("The weights are in layers.", "Ağırlıklar katmanlardadır."),
]


@pytest.mark.parametrize(("english", "turkish", "expected"), MISSING)
def test_a_term_whose_stem_is_missing_is_found(english: str, turkish: str, expected: str) -> None:
    assert [text for _, text in findings(english, turkish) if f"no “{expected}" in text]


@pytest.mark.parametrize(("english", "turkish"), MATCHING)
def test_a_term_that_is_there_is_accepted(english: str, turkish: str) -> None:
    assert findings(english, turkish) == []


def test_only_the_longest_term_is_asked_for() -> None:
    assert [term.turkish for term in GLOSSARY.terms_in("a feature map")] == ["öznitelik haritası"]
    assert len(GLOSSARY.terms_in("a feature map has features")) == 2


def test_a_finding_names_file_cell_line_term_and_what_to_write() -> None:
    (finding,) = glossary_findings(GLOSSARY, [TextPair("s.py", "cell", 7, "", "Yitim düşer.")])
    assert str(finding).startswith("s.py:7 [cell] The Turkish text says 'Yitim'; the course writes “kayıp”.")


def test_turkish_has_its_own_small_letters() -> None:
    assert lower("IĞDIR İZMİR Şişli") == "ığdır izmir şişli"


def test_code_addresses_and_placeholders_are_no_words() -> None:
    text = "**Bir** `kod` {yer} $x$ [ad](https://x.org) <b>iki</b> fit(model, epochs=2) a/b.png MobileNetV2 - [x] üç"
    assert re.findall(r"\w+", words_only(text)) == ["Bir", "ad", "iki", "üç"]


def test_a_row_without_stem_is_refused() -> None:
    table = "| English | Turkish | stem | avoid | note |\n|---|---|---|---|---|\n| loss | kayıp | | | |\n"
    with pytest.raises(CourseError, match="loss | kayıp"):
        read_glossary(table)


def test_the_courses_glossary_has_the_terms_of_the_course() -> None:
    assert len(GLOSSARY.terms) > 90
    assert GLOSSARY.phrases
    forms = [form for term in GLOSSARY.terms for form in term.english]
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize("term", GLOSSARY.terms, ids=lambda term: term.english[0])
def test_what_the_glossary_recommends_it_also_accepts(term) -> None:
    written = lower(term.turkish)
    assert term.stands_in(written)
    assert GLOSSARY.avoided_in(term.turkish) == []
    assert [hit for form in term.avoided for hit, _ in GLOSSARY.avoided_in(form)] or not term.avoided


def test_messages_and_course_table_are_read_as_well() -> None:
    places = {(text.file, text.place): text for text in text_pairs(TREE, ())}
    message = places["tl_helpers/messages/tr.toml", "plots.loss"]
    assert (message.english, message.turkish) == (catalogue("en")["plots"]["loss"], catalogue("tr")["plots"]["loss"])
    line = (ROOT / message.file).read_text(encoding="utf-8").split("\n")[message.line - 1]
    assert line.startswith("loss =")
    assert ("tl_helpers/course.toml", "01 objective 3") in places
    assert ("README.tr.md", "") in places


def test_check_reports_a_cell_against_the_glossary(tmp_path: Path) -> None:
    tree = make_course(tmp_path)
    (tmp_path / FILE).write_text((ROOT / FILE).read_text(encoding="utf-8"), encoding="utf-8")
    source = tree.source(tree.course.lessons[0])
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("Boyutu okuruz.", "Yitimi okuruz."), encoding="utf-8")
    assert ("avoided", "read") in {(finding.key, finding.cell) for finding in check(tree, tree.course.lessons)}


def test_the_course_keeps_to_its_glossary() -> None:
    assert [str(finding) for finding in glossary_findings(GLOSSARY, text_pairs(TREE, TREE.course.lessons))] == []

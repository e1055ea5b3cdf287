"""Every plot of the package has a reading, an alternative text, and colours that colour-blind readers tell apart."""

import ast
import re
from pathlib import Path

import pytest

from tl_helpers import plots

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tl_helpers"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if not {"picturebook", "authoring"} & set(path.parts))
SOURCES = sorted((ROOT / "notebooks" / "source").glob("*.py"))
OKABE_ITO = {"#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
NAMED = {"white", "black", "none"}
MAPS = {"Blues", "Greys", "gray", "cividis", "viridis"}
WITHOUT_READING = {"show_pictures"}  # pictures with captions: there are no numbers to read
COLOUR_KEYS = re.compile(r"(face|edge|e)?colors?|marker(face|edge)color|c|colour")


def flaws(code):
    """What a module's plots and colours lack, as sentences that name the function or the colour."""
    tree = ast.parse(code)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [*_colour_flaws(tree), *(flaw for function in functions for flaw in _plot_flaws(function))]


def _plot_flaws(function):
    called = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    named = {node.func.id: node for node in called if isinstance(node.func, ast.Name)}
    if "figure" not in named:
        return
    if function.name.startswith("_"):
        yield f"{function.name}: a figure is opened by the public function that shows it"
    if not {"show", "Drawing"} & set(named):
        yield f"{function.name}: the figure is neither shown nor returned as a Drawing"
    if "show" in named and not _has_words(named["show"], 1):
        yield f"{function.name}: no alternative text"
    if "Drawing" in named and not (_has_words(named["Drawing"], 1) and _has_words(named["Drawing"], 2)):
        yield f"{function.name}: a Drawing without alternative text or reading"
    is_read = any(name.startswith("read_") for name in named) and "print" in named
    if function.name.startswith("show_") and function.name not in WITHOUT_READING and not is_read:
        yield f"{function.name}: no printed reading"


def _has_words(call, place):
    """Whether an argument is there and comes from the catalogue or a computation, not from the code."""
    return len(call.args) > place and not isinstance(call.args[place], ast.Constant)


def _colour_flaws(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for colour in re.findall(r"#[0-9A-Fa-f]{6}\b", node.value):
                if not _is_safe(colour.upper()):
                    yield f"{colour} is not in the palette"
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                yield from _value_flaws(keyword.arg or "", keyword.value)
            if isinstance(node.func, ast.Attribute) and node.func.attr == "plot":
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                yield from (f"{text!r} sets a colour" for text in texts if len(text) < 5 and set(text) & set("bgrcmyw"))
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                yield from _value_flaws(getattr(key, "value", ""), value)


def _value_flaws(key, value):
    if not isinstance(key, str):
        return
    values = [each.value for each in ast.walk(value) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if COLOUR_KEYS.fullmatch(key) and isinstance(value, (ast.Constant, ast.IfExp)):
        values = [each for each in values if not each.startswith("#") and each not in NAMED]
        yield from (f"{each!r} is not in the palette" for each in values)
    if key == "cmap":
        yield from (f"{each!r} is no safe colour map" for each in values if each not in MAPS)


def _is_safe(colour):
    """Whether a colour is Okabe and Ito's, or grey, which differs in lightness only."""
    shares = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return colour in OKABE_ITO or max(shares) - min(shares) <= 24


GOOD = """
def show_x(values):
    fig, axis = figure()
    axis.plot(values, "o-", color=BLUE, markerfacecolor="white")
    reading = read_x(values)
    show(fig, message("x.alt", reading=reading))
    print(reading)

def draw_y(value) -> Drawing:
    fig, axis = figure()
    axis.imshow(value, cmap="Blues")
    reading = read_y(value)
    return Drawing(fig, message("y.alt"), reading)

def draw_z():
    fig, axis = figure()
    axis.text(0, 0, "z", color="#5F6B73" if fig else "black")
    show(fig, message("z.alt"))
"""
BAD = {
    "no reading": ("    print(reading)\n", "", "show_x: no printed reading"),
    "a reading that reads nothing": ("read_x(values)", "'up'", "show_x: no printed reading"),
    "no alternative text": ('show(fig, message("x.alt", reading=reading))', "show(fig)", "show_x: no alternative text"),
    "an empty alternative text": ('message("z.alt")', '""', "draw_z: no alternative text"),
    "a figure that nobody shows": ('    show(fig, message("z.alt"))', "    fig", "draw_z: the figure is neither"),
    "a drawing without reading": (', message("y.alt"), reading', ', message("y.alt")', "draw_y: a Drawing without"),
    "a drawing without words": ('message("y.alt")', '""', "draw_y: a Drawing without"),
    "a helper that shows": ("def draw_z", "def _draw_z", "_draw_z: a figure is opened"),
    "another colour": ("#5F6B73", "#FF0000", "#FF0000 is not in the palette"),
    "a colour by name": ("color=BLUE", 'color="red"', "'red' is not in the palette"),
    "a colour of the cycle": ("color=BLUE", 'color="C1"', "'C1' is not in the palette"),
    "a colour by letter": ('"o-"', '"ro-"', "'ro-' sets a colour"),
    "a colour in a dictionary": ("color=BLUE", '**{"color": "green"}', "'green' is not in the palette"),
    "a rainbow": ('"Blues"', '"jet"', "'jet' is no safe colour map"),
}


def test_a_good_plot_has_no_flaws():
    assert flaws(GOOD) == []


@pytest.mark.parametrize(("old", "new", "flaw"), BAD.values(), ids=BAD)
def test_a_flawed_plot_is_rejected(old, new, flaw):
    assert old in GOOD
    (found,) = flaws(GOOD.replace(old, new))
    assert found.startswith(flaw)


def test_the_palette_is_okabe_and_itos():
    assert {plots.BLUE, plots.ORANGE, plots.GREEN, plots.PINK} <= OKABE_ITO
    assert _is_safe(plots.GREY)


@pytest.mark.parametrize("path", MODULES + SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_plot_has_its_reading_alternative_text_and_safe_colours(path):
    assert flaws(path.read_text(encoding="utf-8")) == []


def test_every_reading_has_a_test():
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    readings = re.findall(r"reading = (read_\w+)\(", "\n".join(path.read_text(encoding="utf-8") for path in MODULES))
    assert readings
    assert {name for name in readings if f"{name}(" not in tests} == set()

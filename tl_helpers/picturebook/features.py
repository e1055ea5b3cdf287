"""Features of people's faces: eyes, brows, nose, mouth, and the marks of age."""

from numpy.random import Generator

from tl_helpers.picturebook.canvas import Canvas, oval
from tl_helpers.picturebook.colours import INK, WHITE, Colour, chance, darker, mix, paint, pick, span
from tl_helpers.picturebook.person import Person

EYE_Y, NOSE_Y, MOUTH_Y = -0.05, 0.28, 0.56
DARK = (40, 28, 32)  # lashes and pupils


def _line(person: Person) -> Colour:
    return mix(person.skin, (44, 28, 30), 0.6)


def draw_age(canvas: Canvas, rng: Generator, person: Person, shift: float) -> None:
    """Draw the lines of an older face."""
    if person.age < 0.68:
        return
    line, long = mix(person.skin, _line(person), 0.55), person.cues["length"]
    for side in (-1, 1):
        with canvas.placed(shift, 0, flip=side < 0):
            canvas.stroke([(0.3, 0.3), (0.42, 0.44), (0.44, 0.6 * long)], line, 0.035)
            canvas.stroke([(0.24, 0.13), (0.4, 0.17), (0.54, 0.11)], line, 0.035)
    if person.age > 0.8:
        for y in (-0.62, -0.5):
            canvas.stroke([(shift - 0.28, y), (shift, y - 0.03), (shift + 0.28, y)], line, 0.03)


def draw_eyes(canvas: Canvas, rng: Generator, person: Person, shift: float) -> None:
    """Draw eyes, lashes and brows, and now and then glasses."""
    size, lash, gap = person.cues["eye"], person.cues["lash"], person.cues["brow_gap"] + person.cues["eye"] / 2
    apart, tall, slant = span(rng, (0.34, 0.4)), size * span(rng, (0.5, 0.8)), span(rng, (-0.06, 0.02))
    shut, brow, tilt = chance(rng, 0.07), mix(person.hair, DARK, 0.65), span(rng, (-0.05, 0.02))
    inner, top, outer = (-size, 0.03), (0.0, -0.9 * tall), (size, slant)
    flick, iris = 1.6 * max(0.0, lash - 0.03), size * 0.52
    for side in (-1, 1):
        with canvas.placed(shift + side * apart, EYE_Y, flip=side < 0):
            if shut:
                canvas.stroke([inner, (0, 0.09), outer], DARK, 0.06)
            else:
                canvas.blob([inner, top, outer, (0, 0.75 * tall)], WHITE, outlined=False)
                look = side * shift * 0.3
                canvas.ellipse(look, -0.01, iris, min(iris, 0.52 * tall + 0.13 * size), person.eyes, outlined=False)
                canvas.ellipse(look, -0.01, iris * 0.55, iris * 0.55, DARK, outlined=False)
                canvas.stroke([inner, top, outer], DARK, 0.035 + 0.35 * lash)
            canvas.stroke([(size * 0.8, -0.03), (size + flick, -0.02 - 0.6 * flick)], DARK, 0.03 + 0.4 * lash)
            arch = [(-0.17, tilt - gap), (0.07, -gap - person.cues["arch"]), (0.25, 0.06 - gap)]
            canvas.stroke(arch, brow, person.cues["brow"])
    if chance(rng, 0.2):
        _glasses(canvas, rng, apart, shift)


def _glasses(canvas: Canvas, rng: Generator, apart: float, shift: float) -> None:
    frame, height = pick(rng, (INK, paint(rng), (120, 92, 62))), pick(rng, (0.19, 0.25))
    for side in (-1, 1):
        lens = oval(shift + side * apart, EYE_Y + 0.03, 0.27, height)
        canvas.stroke([*lens, lens[0]], frame, 0.045, curved=False)
        canvas.stroke([(shift + side * (apart + 0.27), EYE_Y), (side * 0.85, EYE_Y - 0.03)], frame, 0.045)
    canvas.stroke([(shift - apart + 0.27, EYE_Y), (shift + apart - 0.27, EYE_Y)], frame, 0.045)


def draw_nose(canvas: Canvas, rng: Generator, person: Person, x: float) -> None:
    """Draw the nose, its middle at x."""
    half, line = person.cues["nose"], _line(person)
    with canvas.placed(x, NOSE_Y * person.cues["length"], flip=chance(rng, 0.5)):
        canvas.ellipse(0, -0.02, half * 0.95, half * 0.6, darker(person.skin, 0.1), outlined=False)
        canvas.stroke([(half * 0.45, -0.28), (half * 0.6, -0.12)], mix(person.skin, line, 0.6), 0.035)
        wing = [(half * 0.3, 0.03), (half * 0.8, 0.04), (half, -0.05)]
        canvas.stroke([*[(-dx, y) for dx, y in reversed(wing)], (0, 0.07), *wing], line, 0.045)


def draw_mouth(canvas: Canvas, rng: Generator, person: Person, x: float) -> None:
    """Draw the mouth, its middle at x: shut, or smiling with teeth."""
    full, half, bend = person.cues["lips"], person.cues["mouth"], span(rng, (0.0, 0.11))
    line, lip = _line(person), mix(person.skin, (178, 70, 74), span(rng, (0.3, 0.6)))
    gape = span(rng, (0.07, 0.14)) if chance(rng, 0.3) and bend > 0.02 else 0.0
    left, right, low = (-half, -bend), (half, -bend), gape + bend * 0.4
    upper = [(-half * 0.35, -full), (0, -full * 0.6), (half * 0.35, -full)]
    lower = [(half * 0.45, low + full * 0.9), (-half * 0.45, low + full * 0.9)]
    with canvas.placed(x, MOUTH_Y * person.cues["length"]):
        canvas.blob([left, *upper, right, *lower], lip, outlined=False)
        if gape:
            canvas.blob([left, (0, 0.02), right, (0, low + 0.02)], WHITE, line)
        else:
            canvas.stroke([left, (0, bend * 0.6), right], line, 0.045)

"""What Turkish does otherwise: small letters, the alphabet's order, endings whose vowels go with the word's."""

import re

_SMALL = str.maketrans({"I": "ı", "İ": "i"})
_ALPHABET = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"
_ENDINGS = ("DIr", "lA", "ylA", "sA", "ysA", "sAk", "lI", "sIz", "lAr")
_VOWELS = {"a": "aı", "ı": "aı", "o": "au", "u": "au", "e": "ei", "i": "ei", "ö": "eü", "ü": "eü"}  # A, I after each
_HARD = "fstkçşhp"


def lower(text: str) -> str:
    """Return a text in small letters as Turkish has them: I is ı, and İ is i.

    Example:
        >>> lower("IŞIK, İnce Ayar")
        'ışık, ince ayar'
    """
    return text.translate(_SMALL).lower()


def alphabetical(line: str) -> list[int]:
    """Return a key that sorts lines as a Turkish dictionary does: ç after c, ı before i.

    Example:
        >>> sorted(["şar", "ağ", "içi", "sar", "ılık"], key=alphabetical)
        ['ağ', 'ılık', 'içi', 'sar', 'şar']
    """
    return [_ALPHABET.find(letter) for letter in lower(line)]


def without_endings(word: str) -> list[str]:
    """Return what remains of a word without one of a few endings that nearly every word takes.

    Args:
        word: in small letters.

    Returns:
        A remainder for each ending whose letters go with it (vowel harmony, d or t).

    Example:
        >>> without_endings("ağırlığıdır"), without_endings("ağırlığıdir"), without_endings("ağaçdır")
        (['ağırlığı'], [], [])
    """
    return [stem for ending in _ENDINGS if (stem := word[: -len(ending)]) and _ends(word, stem, ending)]


def _ends(word: str, stem: str, ending: str) -> bool:
    """Say whether a word is a stem with an ending, in which A is a or e, I is ı, i, u or ü, and D is d or t."""
    vowels = re.findall(f"[{''.join(_VOWELS)}]", stem)
    if not vowels:
        return False
    after = dict(zip("AI", _VOWELS[vowels[-1]], strict=True)) | {"D": "t" if stem[-1] in _HARD else "d"}
    return word == stem + "".join(after.get(letter, letter) for letter in ending)

"""What Turkish does otherwise: small letters, the alphabet's order, endings whose vowels go with the word's."""

import re

_SMALL = str.maketrans({"I": "ı", "İ": "i"})
_ALPHABET = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"
_ENDINGS = ["DIr", "lA", "ylA", "sA", "ysA", "sAk", "lI", "sIz", "lAr", "lArI", "lArA", "lArlA", "lArDAn", "nA", "nDAn"]
_VOWELS = {"a": "aı", "ı": "aı", "o": "au", "u": "au", "e": "ei", "i": "ei", "ö": "eü", "ü": "eü"}  # A, I after each
_HARD = "fstkçşhp"
_KI = re.compile("..([ıiuü]n|[dt][ae])ki$")  # of the layer's own, in the layer: it follows a genitive or a locative


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
    """Return what remains of a word without endings that nearly every word takes, up to three of them.

    Args:
        word: in small letters.

    Returns:
        A remainder for each ending whose letters go with it (vowel harmony, d or t).

    Example:
        >>> without_endings("ağırlığıdır"), without_endings("ağırlığıdir"), without_endings("ağaçdır")
        (['ağırlığı'], [], [])
        >>> without_endings("yığınınkileri")
        ['yığınınki', 'yığının']
    """
    stems, last = list[str](), [word]
    for _ in range(3):
        last = [stem for each in last for stem in _without_one(each)]
        stems += last
    return stems


def _without_one(word: str) -> list[str]:
    stems = [stem for ending in _ENDINGS if len(stem := word[: -len(ending)]) > 2 and _ends(word, stem, ending)]
    return stems + ([word[:-2]] if _KI.search(word) else [])


def _ends(word: str, stem: str, ending: str) -> bool:
    """Say whether a word is a stem with an ending, in which A is a or e, I is ı, i, u or ü, and D is d or t."""
    vowels = re.findall(f"[{''.join(_VOWELS)}]", stem)
    if not vowels:
        return False
    after = dict(zip("AI", _VOWELS[vowels[-1]], strict=True)) | {"D": "t" if stem[-1] in _HARD else "d"}
    return word == stem + "".join(after.get(letter, letter) for letter in ending)

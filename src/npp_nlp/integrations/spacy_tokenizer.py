"""Our segmenter as a spaCy tokenizer, registered as `npp_nlp.PolicyTokenizer.v1`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import spacy

from npp_nlp.integrations.saving import WithLexicon
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

NAME = "npp_nlp.PolicyTokenizer.v1"


class PolicyTokenizer(WithLexicon):
    """Texts to spaCy `Doc`s in which every lexicon term is one token.

    The tokens with their spaces join to the text: one plain space after a token belongs to it, other white space is
    a token. spaCy keeps its strings as UTF-8, so lone surrogates become U+FFFD, one for one; offsets stay.

    >>> import spacy
    >>> [t.text_with_ws for t in PolicyTokenizer(spacy.blank("zh").vocab)("发展 低空经济")]
    ['发展 ', '低空经济']
    """

    def __init__(self, vocab: Vocab, *, terms: Iterable[str] | None = None) -> None:
        super().__init__(terms)
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The tokens of a text."""
        from spacy.tokens import Doc

        words, spaces = spaced(self.segmenter.segment(valid_unicode(text)))
        return Doc(self.vocab, words=words, spaces=spaces)


def spaced(tokens: Iterable[str]) -> tuple[list[str], list[bool]]:
    """Words and whether a space follows, as spaCy keeps them.

    >>> spaced(["a", "  ", "b", " ", "c"])
    (['a', ' ', 'b', 'c'], [True, False, True, False])
    """
    words: list[str] = []
    spaces: list[bool] = []
    for token in tokens:
        if token[:1] == " " and words and token.isspace():
            spaces[-1] = True
            token = token[1:]
        if token:
            words.append(token)
            spaces.append(False)
    return words, spaces


@spacy.registry.tokenizers(NAME)  # type: ignore[untyped-decorator]
def policy_tokenizer(terms: list[str] | None = None) -> Callable[[Language], PolicyTokenizer]:
    """What spaCy calls for `@tokenizers = "npp_nlp.PolicyTokenizer.v1"`; `terms` are added to the packaged lexicon."""

    def make(nlp: Any) -> PolicyTokenizer:
        return PolicyTokenizer(nlp.vocab, terms=terms)

    return make

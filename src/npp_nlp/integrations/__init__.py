"""Doors to other libraries: spaCy components, and a pipeline that is ready to use.

Layer 8. `spacy_tokenizer` splits a text into spaCy's tokens, `spacy_components` marks terms, paragraphs and labels.
scikit-learn needs no door: `PolicyVectorizer` and `ParagraphClassifier` are its estimators. Nothing is imported
before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language

    from npp_nlp.lexicon import Lexicon

__all__ = ["load_spacy"]

COMPONENTS: tuple[str, ...] = ("npp_paragraphs", "npp_labels", "npp_terms")


def load_spacy(*, lexicon: Lexicon | None = None, components: tuple[str, ...] = COMPONENTS) -> Language:
    """A spaCy pipeline for Chinese policy texts: our tokenizer and the components named, in that order.

    `lexicon` (default: the packaged one) goes to the tokenizer and to `npp_terms` and is saved with the pipeline.
    Raises `ValueError` for an unknown component.

    >>> doc = load_spacy(components=("npp_terms",))("因地制宜发展新质生产力。")
    >>> [token.text for token in doc]
    ['因地制宜', '发展', '新质生产力', '。']
    >>> [(span.text, span._.npp_term) for span in doc.spans["npp_terms"] if span.text == "新质生产力"]
    [('新质生产力', '新质生产力')]
    """
    import spacy

    from npp_nlp.integrations import spacy_components, spacy_tokenizer  # noqa: F401 (registers the factories)

    unknown = sorted(set(components) - set(COMPONENTS))
    if unknown:
        raise ValueError(f"components must be among {', '.join(COMPONENTS)}, not {', '.join(unknown)}")
    nlp: Any = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": spacy_tokenizer.NAME}}})
    for name in components:
        nlp.add_pipe(name)
    if lexicon is not None:
        nlp.tokenizer.lexicon = lexicon
        if "npp_terms" in components:
            nlp.get_pipe("npp_terms").lexicon = lexicon
    return nlp

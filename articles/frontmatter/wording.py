"""What the pure scanner and parser complain of, in words that an editor can act on."""

from __future__ import annotations

from yaml.error import MarkedYAMLError

AT_START = True  # the complaint belongs to the line where the construct begins

# The parser's own words, or their beginning, to ours. Both come from one scanner, whichever parser
# met the fault first, so the wording does not depend on libyaml.
PROBLEMS: tuple[tuple[str, str, bool], ...] = (
    (
        "mapping values are not allowed here",
        "a colon followed by a blank stands inside unquoted text; put the text in double quotes",
        False,
    ),
    (
        "found unexpected end of stream",
        "a quotation mark is opened here and never closed; close it",
        AT_START,
    ),
    (
        "found unexpected document separator",
        "a quotation mark is opened here and never closed before the next --- line; close it",
        AT_START,
    ),
    (
        "found unknown escape character",
        "an unknown escape after a backslash in double quotes; write the backslash twice: \\\\",
        False,
    ),
    (
        "expected escape sequence of",
        "an escape in double quotes lacks hexadecimal digits; write it like \\u2028",
        False,
    ),
    (
        "could not find expected ':'",
        "this line is no `key: value`; add the colon, or indent it to continue the text above",
        AT_START,
    ),
    (
        "sequence entries are not allowed here",
        "a list item stands where none can; begin the list on the line below its key",
        False,
    ),
    (
        "mapping keys are not allowed here",
        "a question mark stands where no key can; put the text in double quotes",
        False,
    ),
    (
        "found character '\\t'",
        "a tab stands where only blanks may: begin, end, or after a colon; use blanks",
        False,
    ),
    ("found character '%'", 'text cannot begin with %; put it in double quotes: "%"', False),
    ("found character '@'", 'text cannot begin with @; put it in double quotes: "@"', False),
    ("found character '`'", "text cannot begin with a backquote; put it in double quotes", False),
    (
        "expected ',' or ']'",
        "a list in square brackets is opened here and not closed in order; close it with ]",
        AT_START,
    ),
    (
        "expected ',' or '}'",
        "a mapping in braces is opened here and not closed in order; close it with }",
        AT_START,
    ),
    (
        "expected <block end>",
        "this line does not fit what stands above; check its indentation, dashes and quotes",
        False,
    ),
    (
        "expected alphabetic or numeric",
        "text cannot begin with * or &; put it in double quotes",
        False,
    ),
    (
        "expected chomping or indentation",
        "after | or > only a line break may follow; put the text on the next lines",
        False,
    ),
    (
        "expected a comment or a line break",
        "after | or > only a line break may follow; put the text on the next lines",
        False,
    ),
    (
        "expected the node content",
        "a value is missing here; write one, or put the text in double quotes",
        False,
    ),
    ("did not find expected", "this cannot be read as YAML; put the text in double quotes", False),
    (
        "expected '<document start>'",
        "a line that begins with %, or text after the end of the mapping; remove it or indent it",
        False,
    ),
    (
        "found undefined tag handle",
        "text cannot begin with an exclamation mark; put it in double quotes",
        False,
    ),
)
OTHERWISE = "this cannot be read as YAML; check its quotes, colons and indentation"
BEYOND = "an escape in double quotes names no character; Unicode ends at \\U0010FFFF"


def broken(error: Exception, line: int) -> tuple[int, str]:
    """The line within the text, counted from 0, and the words for a parser's failure.

    `line` is where the parser stood, for failures that carry no place of their own.
    """
    if not isinstance(error, MarkedYAMLError):
        # chr() says so of an escape beyond Unicode; int() may fail on a directive's version.
        return line, BEYOND if "chr()" in str(error) or "C int" in str(error) else OTHERWISE
    here = error.problem_mark.line if error.problem_mark else line
    begin = error.context_mark.line if error.context_mark else here
    problem = error.problem or ""
    for words, message, at_start in PROBLEMS:
        if problem.startswith(words):
            return (begin if at_start else here), message
    return here, OTHERWISE

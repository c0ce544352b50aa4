"""Pieces of the page: cards, tables that sort, figures, sections."""
import math
from collections import namedtuple
from html import escape

from reporting.quantities import digits, shown, words

Section = namedtuple("Section", "name title body")
Cell = namedtuple("Cell", "text order attributes", defaults=(None, ""))  # `order` is what the table sorts by, `attributes` are trusted


def value_cell(key, number):
    """A number of summary.json: rounded and scaled for people, exact in data-value and on hovering."""
    exact = "" if number is None or math.isnan(number.value) else repr(number.value)
    unit = escape(number.unit) if number else ""
    attributes = f'data-key="{escape(key)}" data-value="{exact}" data-unit="{unit}" title="{exact} {unit}"'
    return Cell(shown(number.value, number.unit) if number else "–", number.value if exact else None, attributes)


def cell(value):
    if isinstance(value, Cell):
        return value
    return Cell(value, None) if isinstance(value, str) else Cell(digits(float(value)), float(value))


def table(heads, rows, caption="", kind=""):
    """A table whose heads sort it. Texts sort as texts, numbers as numbers, what is missing last."""
    out = [f'<p class="caption">{escape(caption)}</p>' if caption else "", f'<div class="scroll"><table class="sortable {kind}"><thead><tr>']
    out += [f'<th scope="col" tabindex="0" role="button">{escape(head)}</th>' for head in heads]
    out.append("</tr></thead><tbody>")
    for row in rows:
        out.append("<tr>")
        for value in map(cell, row):
            numeric = value.order is not None or value.text == "–"
            order = f' data-order="{value.order!r}"' if value.order is not None else ""
            out.append(f'<td{" class=n" if numeric else ""}{order} {value.attributes}>{escape(value.text)}</td>')
        out.append("</tr>")
    return "".join(out) + "</tbody></table></div>"


def cards(entries):
    """(label, value, note, attributes, kind): the answer in large print. `kind` is good, bad or empty."""
    return '<div class="cards">' + "".join(
        f'<div class="card {kind}"><div class="label">{escape(label)}</div><div class="value" {attributes}>{escape(value)}</div>'
        f'<div class="note">{escape(note)}</div></div>' for label, value, note, attributes, kind in entries) + "</div>"


def number_card(label, key, number, note=""):
    made = value_cell(key, number)
    return label, made.text, note, made.attributes, ""


def figure(drawn, extra=""):
    caption = f" {escape(drawn.caption)}" if drawn.caption else ""
    return (f'<figure class="{drawn.width}" id="figure-{drawn.name}">{extra}{drawn.markup()}'
            f"<figcaption><b>{escape(drawn.title)}.</b>{caption}</figcaption></figure>")


def figures(drawn):
    return '<div class="figures">' + "".join(figure(f) for f in drawn) + "</div>" if drawn else ""


def details(title, body, opened=False):
    return f'<details{" open" if opened else ""}><summary>{escape(title)}</summary>{body}</details>'


def note(text):
    return f'<p class="remark">{escape(text)}</p>'


__all__ = ["Section", "Cell", "cell", "value_cell", "table", "cards", "number_card", "figure", "figures", "details", "note", "words", "escape"]
